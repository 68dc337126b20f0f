/** The file that `ferry run --profile=<file>` has written, for a build. */
import { readFileSync } from 'node:fs'
import { FerryError } from '../base/diagnostics.ts'
import { RUN_PROFILE_VERSION, type RunProfile } from '../base/run-profile.ts'
import { describeSystemError } from '../base/system-error.ts'

/** @throws FerryError `profile-unusable` */
export function readRunProfile(path: string): RunProfile {
  const unusable = (reason: string) => new FerryError('profile-unusable', { path, reason })
  let text: string
  try {
    text = readFileSync(path, 'utf8')
  } catch (error) {
    throw unusable(describeSystemError(error))
  }
  try {
    const profile = JSON.parse(text) as Partial<RunProfile> | null
    if (profile?.version === RUN_PROFILE_VERSION && profile.functions && profile.edges) return profile as RunProfile
  } catch {
    // the same as a document of something else
  }
  throw unusable('it is not a profile of this version')
}

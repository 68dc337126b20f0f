/** What is kept of a program that was never run: dist/nothing.kept is this. */
import { PLACES } from '../../base/layout.ts'
import { makeGates } from '../../emulator/gates.ts'
import { nothingKept } from '../kept.ts'

export const NOTHING_KEPT = nothingKept(PLACES.CODE_SIZE, makeGates())

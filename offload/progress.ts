/** Progress of a build: one line on the terminal that each step overwrites, and nothing when stderr is no terminal. */
export type Progress = (step: string) => void

export function terminalProgress(stream: NodeJS.WriteStream): { step: Progress; end(): void } {
  if (!stream.isTTY) return { step: () => {}, end: () => {} }
  const CLEAR_LINE = '\r\x1b[K'
  return {
    step: text => stream.write(`${CLEAR_LINE}ferry: ${text.slice(0, Math.max(20, (stream.columns || 80) - 8))}`),
    end: () => stream.write(CLEAR_LINE),
  }
}

import { defineConfig } from 'vitest/config'

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    setupFiles: ['test/turn.ts'],
    testTimeout: 120_000,
    hookTimeout: 120_000,
    pool: 'forks',
    // two files at a time: most tests wait for programs, one processor at a time
    poolOptions: { forks: { maxForks: 2 } },
    // every test translates all that it executes, anew, and leaves nothing in the user's cache
    env: { FERRY_CACHE: 'off', FERRY_HEAT: process.env.FERRY_HEAT ?? '0' },
  },
})

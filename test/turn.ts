/**
 * Most tests wait for programs synchronously. Between two of them the worker answers Vitest, which gives up on one that is silent for a
 * minute.
 */
import { afterEach } from 'vitest'

afterEach(() => new Promise<void>(resolve => setImmediate(resolve)))

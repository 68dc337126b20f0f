/** The file of kept translations (runtime/kept.ts), which the executor reads as well. */
import { layout } from './fields.ts'

/** Kept translations (runtime/kept.ts): the header of the file. Offsets are bytes from its start, counts are rows. */
export const KEPT = layout('ferry_kept', [
  ['magic', 'u64', 1, 'KEPT_MAGIC'],
  [
    'checksum',
    'u64',
    1,
    'of the u32 words behind it: their sum modulo 2^32 below, the sum of the sums after each word above',
  ],
  ['size', 'u64', 1, 'bytes of the file, a multiple of 4'],
  ['cpu', 'u64', 1, 'CONTROL.cpu of the machine'],
  ['device', 'u64', 1, 'of the first program, with the next two'],
  ['inode', 'u64', 1, ''],
  ['changed', 'u64', 1, 'time of the last status change in ns'],
  ['code_size', 'u64', 1, 'bytes of the code cache'],
  ['gate_enter', 'u64', 1, 'as in CONTROL'],
  ['gate_resume', 'u64', 1, ''],
  ['gate_trap', 'u64', 1, ''],
  ['gate_call', 'u64', 1, ''],
  ['gate_return', 'u64', 1, ''],
  ['gate_ecall', 'u64', 1, ''],
  ['native_start', 'u64', 1, ''],
  ['native_end', 'u64', 1, ''],
  ['native_stop', 'u64', 1, ''],
  ['gate_leave', 'u64', 1, 'offset in the code cache of the translation of RETURN_GATE'],
  ['code_at', 'u64', 1, 'the start of the code cache, gates included; chains within a group only'],
  ['code_length', 'u64', 1, 'in bytes'],
  ['places_at', 'u64', 1, 'rows of KEPT_PLACE'],
  ['places', 'u64', 1, ''],
  ['groups_at', 'u64', 1, 'rows of KEPT_GROUP'],
  ['groups', 'u64', 1, ''],
  ['bridge_at', 'u64', 1, 'a KEPT_BRIDGE for a program with host functions, or 0'],
])
export const KEPT_MAGIC = 'FERRYKEP'

/** Where a file was mapped (REQUEST.PLACE). */
export const KEPT_PLACE = layout('ferry_kept_place', [
  ['device', 'u64', 1, ''],
  ['inode', 'u64', 1, ''],
  ['changed', 'u64', 1, 'ns'],
  ['length', 'u64', 1, 'bytes of the request'],
  ['address', 'u64', 1, ''],
  ['end', 'u64', 1, ''],
])

/** The translations of one range of one file (REQUEST.MAPPED). */
export const KEPT_GROUP = layout('ferry_kept_group', [
  ['start', 'u64', 1, 'guest addresses'],
  ['end', 'u64', 1, ''],
  ['device', 'u64', 1, ''],
  ['inode', 'u64', 1, ''],
  ['changed', 'u64', 1, 'ns'],
  ['distance', 'u64', 1, 'file offset minus guest address, modulo 2^64'],
  ['entries_at', 'u64', 1, 'pairs of u32: guest pc - start, offset in the code cache'],
  ['entries', 'u64', 1, ''],
  ['regions_at', 'u64', 1, 'words (emulator/snapshot.ts)'],
  ['regions', 'u64', 1, ''],
])

/** The bridge of the first program (runtime/bridge/template.ts). */
export const KEPT_BRIDGE = layout('ferry_kept_bridge', [
  ['object_at', 'u64', 1, 'where the host object is in the program'],
  ['object_length', 'u64', 1, 'in bytes'],
  ['references', 'u64', 1, 'guest address of the reference table, bias not included'],
  ['bias', 'u64', 1, 'load bias that the rest is for'],
  ['code_at', 'u64', 1, 'the end of the code cache'],
  ['code_length', 'u64', 1, 'in bytes'],
  ['hosts', 'u64', 1, "offset in the code cache of the addresses of the host object's functions"],
  ['functions', 'u64', 1, 'how many those are'],
  [
    'entries',
    'u64',
    1,
    'offset in the code cache of the table of host entries; its second words are numbers of functions here',
  ],
  ['entry_count', 'u64', 1, 'of two words each, a power of two'],
  ['lookup', 'u64', 1, 'bytes from ferry_thunks to ferry_entries, modulo 2^64; 0: there is none'],
  ['thunks_at', 'u64', 1, 'for each of ferry_thunks the offset in the code cache, u64'],
  ['thunks', 'u64', 1, ''],
  ['stubs_at', 'u64', 1, 'pairs of u64: guest pc, offset in the code cache'],
  ['stubs', 'u64', 1, ''],
])

/* Generated from emulator/riscv/extensions.ts by `npm run generate`: do not edit. */
#pragma once
#include <stdint.h>

/* The isa line of /proc/cpuinfo. */
#define MACHINE_ISA "rv64imafdc_zicbom_zicbop_zicboz_zicntr_zicond_zicsr_zifencei_zihintntl_zihintpause_zaamo_zalrsc_zfa_zfhmin_zca_zcb_zcd_zba_zbb_zbs"
/* AT_HWCAP. */
#define MACHINE_HWCAP UINT64_C(0x112d)
/* RISCV_HWPROBE_KEY_IMA_EXT_0. */
#define MACHINE_EXTENSIONS UINT64_C(0x138438193000007b)
/* Bytes of a cache block, for Zicbom, Zicbop and Zicboz. */
#define MACHINE_BLOCK_SIZE 64

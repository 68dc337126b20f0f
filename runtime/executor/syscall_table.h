/* Generated from runtime/syscalls/table.ts by `npm run generate`: do not edit. */

#pragma once

/* Guest numbers are below this. */
#define FERRY_SYSTEM_CALLS 467

/*
 * DIRECT(guest number, host number, interruption, written, vector): the host's kernel does it with the same arguments
 *   written: bit n is set when the kernel may write through argument n
 *   vector: an argument with an array of struct iovec that the kernel fills, the number of entries behind it; 0 = none
 * CONVERT(guest number, name, interruption, written): call_NAME does it
 * REFUSE(guest number, errno)
 */
#define FERRY_SYSTEM_CALL_ROWS(DIRECT, CONVERT, REFUSE) \
  DIRECT(0, __NR_io_setup, NONE, 0x2, 0) /* io_setup */ \
  DIRECT(1, __NR_io_destroy, NONE, 0x0, 0) /* io_destroy */ \
  CONVERT(2, io_submit, NONE, 0x0) /* io_submit */ \
  DIRECT(3, __NR_io_cancel, NONE, 0x4, 0) /* io_cancel */ \
  DIRECT(4, __NR_io_getevents, BLOCKS, 0x8, 0) /* io_getevents */ \
  CONVERT(5, setxattr, NONE, 0x0) /* setxattr */ \
  CONVERT(6, lsetxattr, NONE, 0x0) /* lsetxattr */ \
  DIRECT(7, __NR_fsetxattr, NONE, 0x0, 0) /* fsetxattr */ \
  CONVERT(8, getxattr, NONE, 0x4) /* getxattr */ \
  CONVERT(9, lgetxattr, NONE, 0x4) /* lgetxattr */ \
  DIRECT(10, __NR_fgetxattr, NONE, 0x4, 0) /* fgetxattr */ \
  CONVERT(11, listxattr, NONE, 0x2) /* listxattr */ \
  CONVERT(12, llistxattr, NONE, 0x2) /* llistxattr */ \
  DIRECT(13, __NR_flistxattr, NONE, 0x2, 0) /* flistxattr */ \
  CONVERT(14, removexattr, NONE, 0x0) /* removexattr */ \
  CONVERT(15, lremovexattr, NONE, 0x0) /* lremovexattr */ \
  DIRECT(16, __NR_fremovexattr, NONE, 0x0, 0) /* fremovexattr */ \
  CONVERT(17, getcwd, NONE, 0x1) /* getcwd */ \
  REFUSE(18, ENOSYS) /* lookup_dcookie */ \
  DIRECT(19, __NR_eventfd2, NONE, 0x0, 0) /* eventfd2 */ \
  DIRECT(20, __NR_epoll_create1, NONE, 0x0, 0) /* epoll_create1 */ \
  CONVERT(21, epoll_ctl, NONE, 0x0) /* epoll_ctl */ \
  CONVERT(22, epoll_pwait, BLOCKS, 0x2) /* epoll_pwait */ \
  CONVERT(23, dup, NONE, 0x0) /* dup */ \
  CONVERT(24, dup3, NONE, 0x0) /* dup3 */ \
  CONVERT(25, fcntl, RESTART, 0x4) /* fcntl */ \
  DIRECT(26, __NR_inotify_init1, NONE, 0x0, 0) /* inotify_init1 */ \
  CONVERT(27, inotify_add_watch, NONE, 0x0) /* inotify_add_watch */ \
  DIRECT(28, __NR_inotify_rm_watch, NONE, 0x0, 0) /* inotify_rm_watch */ \
  CONVERT(29, ioctl, RESTART, 0x4) /* ioctl */ \
  DIRECT(30, __NR_ioprio_set, NONE, 0x0, 0) /* ioprio_set */ \
  DIRECT(31, __NR_ioprio_get, NONE, 0x0, 0) /* ioprio_get */ \
  DIRECT(32, __NR_flock, RESTART, 0x0, 0) /* flock */ \
  CONVERT(33, mknodat, NONE, 0x0) /* mknodat */ \
  CONVERT(34, mkdirat, NONE, 0x0) /* mkdirat */ \
  CONVERT(35, unlinkat, NONE, 0x0) /* unlinkat */ \
  CONVERT(36, symlinkat, NONE, 0x0) /* symlinkat */ \
  CONVERT(37, linkat, NONE, 0x0) /* linkat */ \
  REFUSE(38, ENOSYS) /* renameat */ \
  CONVERT(39, umount2, NONE, 0x0) /* umount2 */ \
  CONVERT(40, mount, NONE, 0x0) /* mount */ \
  CONVERT(41, pivot_root, NONE, 0x0) /* pivot_root */ \
  REFUSE(42, ENOSYS) /* nfsservctl */ \
  CONVERT(43, statfs, NONE, 0x2) /* statfs */ \
  DIRECT(44, __NR_fstatfs, NONE, 0x2, 0) /* fstatfs */ \
  CONVERT(45, truncate, NONE, 0x0) /* truncate */ \
  DIRECT(46, __NR_ftruncate, NONE, 0x0, 0) /* ftruncate */ \
  DIRECT(47, __NR_fallocate, BLOCKS, 0x0, 0) /* fallocate */ \
  CONVERT(48, faccessat, NONE, 0x0) /* faccessat */ \
  CONVERT(49, chdir, NONE, 0x0) /* chdir */ \
  CONVERT(50, fchdir, NONE, 0x0) /* fchdir */ \
  CONVERT(51, chroot, NONE, 0x0) /* chroot */ \
  DIRECT(52, __NR_fchmod, NONE, 0x0, 0) /* fchmod */ \
  CONVERT(53, fchmodat, NONE, 0x0) /* fchmodat */ \
  CONVERT(54, fchownat, NONE, 0x0) /* fchownat */ \
  DIRECT(55, __NR_fchown, NONE, 0x0, 0) /* fchown */ \
  CONVERT(56, openat, RESTART, 0x0) /* openat */ \
  CONVERT(57, close, NONE, 0x0) /* close */ \
  DIRECT(58, __NR_vhangup, NONE, 0x0, 0) /* vhangup */ \
  DIRECT(59, __NR_pipe2, NONE, 0x1, 0) /* pipe2 */ \
  DIRECT(60, __NR_quotactl, NONE, 0x8, 0) /* quotactl */ \
  CONVERT(61, getdents64, NONE, 0x2) /* getdents64 */ \
  DIRECT(62, __NR_lseek, NONE, 0x0, 0) /* lseek */ \
  DIRECT(63, __NR_read, RESTART, 0x2, 0) /* read */ \
  DIRECT(64, __NR_write, RESTART, 0x0, 0) /* write */ \
  DIRECT(65, __NR_readv, RESTART, 0x0, 1) /* readv */ \
  DIRECT(66, __NR_writev, RESTART, 0x0, 0) /* writev */ \
  DIRECT(67, __NR_pread64, RESTART, 0x2, 0) /* pread64 */ \
  DIRECT(68, __NR_pwrite64, RESTART, 0x0, 0) /* pwrite64 */ \
  DIRECT(69, __NR_preadv, RESTART, 0x0, 1) /* preadv */ \
  DIRECT(70, __NR_pwritev, RESTART, 0x0, 0) /* pwritev */ \
  DIRECT(71, __NR_sendfile, RESTART, 0x4, 0) /* sendfile */ \
  CONVERT(72, pselect6, BLOCKS, 0x1e) /* pselect6 */ \
  CONVERT(73, ppoll, BLOCKS, 0x5) /* ppoll */ \
  DIRECT(74, __NR_signalfd4, NONE, 0x0, 0) /* signalfd4 */ \
  DIRECT(75, __NR_vmsplice, RESTART, 0x0, 1) /* vmsplice */ \
  DIRECT(76, __NR_splice, RESTART, 0xa, 0) /* splice */ \
  DIRECT(77, __NR_tee, RESTART, 0x0, 0) /* tee */ \
  CONVERT(78, readlinkat, NONE, 0x4) /* readlinkat */ \
  CONVERT(79, newfstatat, NONE, 0x4) /* newfstatat */ \
  CONVERT(80, fstat, NONE, 0x2) /* fstat */ \
  DIRECT(81, __NR_sync, NONE, 0x0, 0) /* sync */ \
  DIRECT(82, __NR_fsync, NONE, 0x0, 0) /* fsync */ \
  DIRECT(83, __NR_fdatasync, NONE, 0x0, 0) /* fdatasync */ \
  DIRECT(84, __NR_sync_file_range, NONE, 0x0, 0) /* sync_file_range */ \
  DIRECT(85, __NR_timerfd_create, NONE, 0x0, 0) /* timerfd_create */ \
  DIRECT(86, __NR_timerfd_settime, NONE, 0x8, 0) /* timerfd_settime */ \
  DIRECT(87, __NR_timerfd_gettime, NONE, 0x2, 0) /* timerfd_gettime */ \
  CONVERT(88, utimensat, NONE, 0x0) /* utimensat */ \
  CONVERT(89, acct, NONE, 0x0) /* acct */ \
  DIRECT(90, __NR_capget, NONE, 0x3, 0) /* capget */ \
  DIRECT(91, __NR_capset, NONE, 0x0, 0) /* capset */ \
  CONVERT(92, personality, NONE, 0x0) /* personality */ \
  CONVERT(93, exit, NONE, 0x0) /* exit */ \
  CONVERT(94, exit_group, NONE, 0x0) /* exit_group */ \
  DIRECT(95, __NR_waitid, RESTART, 0x14, 0) /* waitid */ \
  CONVERT(96, set_tid_address, NONE, 0x0) /* set_tid_address */ \
  CONVERT(97, unshare, NONE, 0x0) /* unshare */ \
  DIRECT(98, __NR_futex, RESTART, 0x0, 0) /* futex */ \
  DIRECT(99, __NR_set_robust_list, NONE, 0x0, 0) /* set_robust_list */ \
  DIRECT(100, __NR_get_robust_list, NONE, 0x6, 0) /* get_robust_list */ \
  DIRECT(101, __NR_nanosleep, BLOCKS, 0x2, 0) /* nanosleep */ \
  DIRECT(102, __NR_getitimer, NONE, 0x2, 0) /* getitimer */ \
  DIRECT(103, __NR_setitimer, NONE, 0x4, 0) /* setitimer */ \
  REFUSE(104, EPERM) /* kexec_load */ \
  REFUSE(105, EPERM) /* init_module */ \
  REFUSE(106, EPERM) /* delete_module */ \
  DIRECT(107, __NR_timer_create, NONE, 0x4, 0) /* timer_create */ \
  DIRECT(108, __NR_timer_gettime, NONE, 0x2, 0) /* timer_gettime */ \
  DIRECT(109, __NR_timer_getoverrun, NONE, 0x0, 0) /* timer_getoverrun */ \
  DIRECT(110, __NR_timer_settime, NONE, 0x8, 0) /* timer_settime */ \
  DIRECT(111, __NR_timer_delete, NONE, 0x0, 0) /* timer_delete */ \
  DIRECT(112, __NR_clock_settime, NONE, 0x0, 0) /* clock_settime */ \
  CONVERT(113, clock_gettime, NONE, 0x2) /* clock_gettime */ \
  DIRECT(114, __NR_clock_getres, NONE, 0x2, 0) /* clock_getres */ \
  DIRECT(115, __NR_clock_nanosleep, BLOCKS, 0x8, 0) /* clock_nanosleep */ \
  DIRECT(116, __NR_syslog, RESTART, 0x2, 0) /* syslog */ \
  REFUSE(117, EPERM) /* ptrace */ \
  DIRECT(118, __NR_sched_setparam, NONE, 0x0, 0) /* sched_setparam */ \
  DIRECT(119, __NR_sched_setscheduler, NONE, 0x0, 0) /* sched_setscheduler */ \
  DIRECT(120, __NR_sched_getscheduler, NONE, 0x0, 0) /* sched_getscheduler */ \
  DIRECT(121, __NR_sched_getparam, NONE, 0x2, 0) /* sched_getparam */ \
  DIRECT(122, __NR_sched_setaffinity, NONE, 0x0, 0) /* sched_setaffinity */ \
  DIRECT(123, __NR_sched_getaffinity, NONE, 0x4, 0) /* sched_getaffinity */ \
  DIRECT(124, __NR_sched_yield, NONE, 0x0, 0) /* sched_yield */ \
  DIRECT(125, __NR_sched_get_priority_max, NONE, 0x0, 0) /* sched_get_priority_max */ \
  DIRECT(126, __NR_sched_get_priority_min, NONE, 0x0, 0) /* sched_get_priority_min */ \
  DIRECT(127, __NR_sched_rr_get_interval, NONE, 0x2, 0) /* sched_rr_get_interval */ \
  REFUSE(128, EINTR) /* restart_syscall */ \
  DIRECT(129, __NR_kill, NONE, 0x0, 0) /* kill */ \
  DIRECT(130, __NR_tkill, NONE, 0x0, 0) /* tkill */ \
  DIRECT(131, __NR_tgkill, NONE, 0x0, 0) /* tgkill */ \
  CONVERT(132, sigaltstack, NONE, 0x2) /* sigaltstack */ \
  CONVERT(133, rt_sigsuspend, BLOCKS, 0x0) /* rt_sigsuspend */ \
  CONVERT(134, rt_sigaction, NONE, 0x4) /* rt_sigaction */ \
  CONVERT(135, rt_sigprocmask, NONE, 0x4) /* rt_sigprocmask */ \
  CONVERT(136, rt_sigpending, NONE, 0x1) /* rt_sigpending */ \
  CONVERT(137, rt_sigtimedwait, BLOCKS, 0x2) /* rt_sigtimedwait */ \
  DIRECT(138, __NR_rt_sigqueueinfo, NONE, 0x0, 0) /* rt_sigqueueinfo */ \
  CONVERT(139, rt_sigreturn, NONE, 0x0) /* rt_sigreturn */ \
  DIRECT(140, __NR_setpriority, NONE, 0x0, 0) /* setpriority */ \
  DIRECT(141, __NR_getpriority, NONE, 0x0, 0) /* getpriority */ \
  REFUSE(142, EPERM) /* reboot */ \
  DIRECT(143, __NR_setregid, NONE, 0x0, 0) /* setregid */ \
  DIRECT(144, __NR_setgid, NONE, 0x0, 0) /* setgid */ \
  DIRECT(145, __NR_setreuid, NONE, 0x0, 0) /* setreuid */ \
  DIRECT(146, __NR_setuid, NONE, 0x0, 0) /* setuid */ \
  DIRECT(147, __NR_setresuid, NONE, 0x0, 0) /* setresuid */ \
  DIRECT(148, __NR_getresuid, NONE, 0x7, 0) /* getresuid */ \
  DIRECT(149, __NR_setresgid, NONE, 0x0, 0) /* setresgid */ \
  DIRECT(150, __NR_getresgid, NONE, 0x7, 0) /* getresgid */ \
  DIRECT(151, __NR_setfsuid, NONE, 0x0, 0) /* setfsuid */ \
  DIRECT(152, __NR_setfsgid, NONE, 0x0, 0) /* setfsgid */ \
  DIRECT(153, __NR_times, NONE, 0x1, 0) /* times */ \
  DIRECT(154, __NR_setpgid, NONE, 0x0, 0) /* setpgid */ \
  DIRECT(155, __NR_getpgid, NONE, 0x0, 0) /* getpgid */ \
  DIRECT(156, __NR_getsid, NONE, 0x0, 0) /* getsid */ \
  DIRECT(157, __NR_setsid, NONE, 0x0, 0) /* setsid */ \
  DIRECT(158, __NR_getgroups, NONE, 0x2, 0) /* getgroups */ \
  DIRECT(159, __NR_setgroups, NONE, 0x0, 0) /* setgroups */ \
  CONVERT(160, uname, NONE, 0x1) /* uname */ \
  DIRECT(161, __NR_sethostname, NONE, 0x0, 0) /* sethostname */ \
  DIRECT(162, __NR_setdomainname, NONE, 0x0, 0) /* setdomainname */ \
  CONVERT(163, getrlimit, NONE, 0x2) /* getrlimit */ \
  CONVERT(164, setrlimit, NONE, 0x0) /* setrlimit */ \
  DIRECT(165, __NR_getrusage, NONE, 0x2, 0) /* getrusage */ \
  DIRECT(166, __NR_umask, NONE, 0x0, 0) /* umask */ \
  CONVERT(167, prctl, NONE, 0x1e) /* prctl */ \
  CONVERT(168, getcpu, NONE, 0x3) /* getcpu */ \
  CONVERT(169, gettimeofday, NONE, 0x3) /* gettimeofday */ \
  DIRECT(170, __NR_settimeofday, NONE, 0x0, 0) /* settimeofday */ \
  DIRECT(171, __NR_adjtimex, NONE, 0x1, 0) /* adjtimex */ \
  DIRECT(172, __NR_getpid, NONE, 0x0, 0) /* getpid */ \
  DIRECT(173, __NR_getppid, NONE, 0x0, 0) /* getppid */ \
  DIRECT(174, __NR_getuid, NONE, 0x0, 0) /* getuid */ \
  DIRECT(175, __NR_geteuid, NONE, 0x0, 0) /* geteuid */ \
  DIRECT(176, __NR_getgid, NONE, 0x0, 0) /* getgid */ \
  DIRECT(177, __NR_getegid, NONE, 0x0, 0) /* getegid */ \
  DIRECT(178, __NR_gettid, NONE, 0x0, 0) /* gettid */ \
  DIRECT(179, __NR_sysinfo, NONE, 0x1, 0) /* sysinfo */ \
  DIRECT(180, __NR_mq_open, NONE, 0x0, 0) /* mq_open */ \
  DIRECT(181, __NR_mq_unlink, NONE, 0x0, 0) /* mq_unlink */ \
  DIRECT(182, __NR_mq_timedsend, RESTART, 0x0, 0) /* mq_timedsend */ \
  DIRECT(183, __NR_mq_timedreceive, RESTART, 0xa, 0) /* mq_timedreceive */ \
  DIRECT(184, __NR_mq_notify, NONE, 0x0, 0) /* mq_notify */ \
  DIRECT(185, __NR_mq_getsetattr, NONE, 0x4, 0) /* mq_getsetattr */ \
  DIRECT(186, __NR_msgget, NONE, 0x0, 0) /* msgget */ \
  DIRECT(187, __NR_msgctl, NONE, 0x4, 0) /* msgctl */ \
  DIRECT(188, __NR_msgrcv, BLOCKS, 0x2, 0) /* msgrcv */ \
  DIRECT(189, __NR_msgsnd, BLOCKS, 0x0, 0) /* msgsnd */ \
  DIRECT(190, __NR_semget, NONE, 0x0, 0) /* semget */ \
  CONVERT(191, semctl, NONE, 0x8) /* semctl */ \
  DIRECT(192, __NR_semtimedop, BLOCKS, 0x0, 0) /* semtimedop */ \
  DIRECT(193, __NR_semop, BLOCKS, 0x0, 0) /* semop */ \
  DIRECT(194, __NR_shmget, NONE, 0x0, 0) /* shmget */ \
  DIRECT(195, __NR_shmctl, NONE, 0x4, 0) /* shmctl */ \
  CONVERT(196, shmat, NONE, 0x0) /* shmat */ \
  CONVERT(197, shmdt, NONE, 0x0) /* shmdt */ \
  DIRECT(198, __NR_socket, NONE, 0x0, 0) /* socket */ \
  DIRECT(199, __NR_socketpair, NONE, 0x8, 0) /* socketpair */ \
  CONVERT(200, bind, NONE, 0x0) /* bind */ \
  DIRECT(201, __NR_listen, NONE, 0x0, 0) /* listen */ \
  CONVERT(202, accept, RESTART, 0x6) /* accept */ \
  CONVERT(203, connect, RESTART, 0x0) /* connect */ \
  CONVERT(204, getsockname, NONE, 0x6) /* getsockname */ \
  CONVERT(205, getpeername, NONE, 0x6) /* getpeername */ \
  CONVERT(206, sendto, RESTART, 0x0) /* sendto */ \
  CONVERT(207, recvfrom, RESTART, 0x32) /* recvfrom */ \
  DIRECT(208, __NR_setsockopt, NONE, 0x0, 0) /* setsockopt */ \
  DIRECT(209, __NR_getsockopt, NONE, 0x18, 0) /* getsockopt */ \
  DIRECT(210, __NR_shutdown, NONE, 0x0, 0) /* shutdown */ \
  CONVERT(211, sendmsg, RESTART, 0x0) /* sendmsg */ \
  CONVERT(212, recvmsg, RESTART, 0x2) /* recvmsg */ \
  DIRECT(213, __NR_readahead, NONE, 0x0, 0) /* readahead */ \
  CONVERT(214, brk, NONE, 0x0) /* brk */ \
  CONVERT(215, munmap, NONE, 0x0) /* munmap */ \
  CONVERT(216, mremap, NONE, 0x0) /* mremap */ \
  DIRECT(217, __NR_add_key, NONE, 0x0, 0) /* add_key */ \
  DIRECT(218, __NR_request_key, NONE, 0x0, 0) /* request_key */ \
  DIRECT(219, __NR_keyctl, NONE, 0x1e, 0) /* keyctl */ \
  CONVERT(220, clone, NONE, 0x4) /* clone */ \
  CONVERT(221, execve, NONE, 0x0) /* execve */ \
  CONVERT(222, mmap, NONE, 0x0) /* mmap */ \
  DIRECT(223, __NR_fadvise64, NONE, 0x0, 0) /* fadvise64 */ \
  CONVERT(224, swapon, NONE, 0x0) /* swapon */ \
  CONVERT(225, swapoff, NONE, 0x0) /* swapoff */ \
  CONVERT(226, mprotect, NONE, 0x0) /* mprotect */ \
  CONVERT(227, msync, NONE, 0x0) /* msync */ \
  CONVERT(228, mlock, NONE, 0x0) /* mlock */ \
  CONVERT(229, munlock, NONE, 0x0) /* munlock */ \
  CONVERT(230, mlockall, NONE, 0x0) /* mlockall */ \
  CONVERT(231, munlockall, NONE, 0x0) /* munlockall */ \
  CONVERT(232, mincore, NONE, 0x4) /* mincore */ \
  CONVERT(233, madvise, NONE, 0x0) /* madvise */ \
  CONVERT(234, remap_file_pages, NONE, 0x0) /* remap_file_pages */ \
  DIRECT(235, __NR_mbind, NONE, 0x0, 0) /* mbind */ \
  DIRECT(236, __NR_get_mempolicy, NONE, 0x3, 0) /* get_mempolicy */ \
  DIRECT(237, __NR_set_mempolicy, NONE, 0x0, 0) /* set_mempolicy */ \
  DIRECT(238, __NR_migrate_pages, NONE, 0x0, 0) /* migrate_pages */ \
  DIRECT(239, __NR_move_pages, NONE, 0x10, 0) /* move_pages */ \
  DIRECT(240, __NR_rt_tgsigqueueinfo, NONE, 0x0, 0) /* rt_tgsigqueueinfo */ \
  REFUSE(241, EPERM) /* perf_event_open */ \
  CONVERT(242, accept4, RESTART, 0x6) /* accept4 */ \
  CONVERT(243, recvmmsg, RESTART, 0x12) /* recvmmsg */ \
  CONVERT(258, riscv_hwprobe, NONE, 0x9) /* riscv_hwprobe */ \
  CONVERT(259, riscv_flush_icache, NONE, 0x0) /* riscv_flush_icache */ \
  DIRECT(260, __NR_wait4, RESTART, 0xa, 0) /* wait4 */ \
  CONVERT(261, prlimit64, NONE, 0x8) /* prlimit64 */ \
  DIRECT(262, __NR_fanotify_init, NONE, 0x0, 0) /* fanotify_init */ \
  CONVERT(263, fanotify_mark, NONE, 0x0) /* fanotify_mark */ \
  CONVERT(264, name_to_handle_at, NONE, 0xc) /* name_to_handle_at */ \
  DIRECT(265, __NR_open_by_handle_at, RESTART, 0x0, 0) /* open_by_handle_at */ \
  DIRECT(266, __NR_clock_adjtime, NONE, 0x2, 0) /* clock_adjtime */ \
  DIRECT(267, __NR_syncfs, NONE, 0x0, 0) /* syncfs */ \
  CONVERT(268, setns, NONE, 0x0) /* setns */ \
  CONVERT(269, sendmmsg, RESTART, 0x2) /* sendmmsg */ \
  CONVERT(270, process_vm_readv, NONE, 0x0) /* process_vm_readv */ \
  CONVERT(271, process_vm_writev, NONE, 0x0) /* process_vm_writev */ \
  DIRECT(272, __NR_kcmp, NONE, 0x0, 0) /* kcmp */ \
  REFUSE(273, EPERM) /* finit_module */ \
  DIRECT(274, __NR_sched_setattr, NONE, 0x0, 0) /* sched_setattr */ \
  DIRECT(275, __NR_sched_getattr, NONE, 0x2, 0) /* sched_getattr */ \
  CONVERT(276, renameat2, NONE, 0x0) /* renameat2 */ \
  REFUSE(277, EINVAL) /* seccomp */ \
  DIRECT(278, __NR_getrandom, RESTART, 0x1, 0) /* getrandom */ \
  DIRECT(279, __NR_memfd_create, NONE, 0x0, 0) /* memfd_create */ \
  REFUSE(280, EPERM) /* bpf */ \
  CONVERT(281, execveat, NONE, 0x0) /* execveat */ \
  REFUSE(282, EPERM) /* userfaultfd */ \
  CONVERT(283, membarrier, NONE, 0x0) /* membarrier */ \
  CONVERT(284, mlock2, NONE, 0x0) /* mlock2 */ \
  DIRECT(285, __NR_copy_file_range, RESTART, 0xa, 0) /* copy_file_range */ \
  DIRECT(286, __NR_preadv2, RESTART, 0x0, 1) /* preadv2 */ \
  DIRECT(287, __NR_pwritev2, RESTART, 0x0, 0) /* pwritev2 */ \
  REFUSE(288, ENOSYS) /* pkey_mprotect */ \
  REFUSE(289, ENOSYS) /* pkey_alloc */ \
  REFUSE(290, ENOSYS) /* pkey_free */ \
  CONVERT(291, statx, NONE, 0x10) /* statx */ \
  CONVERT(292, io_pgetevents, BLOCKS, 0x8) /* io_pgetevents */ \
  REFUSE(293, ENOSYS) /* rseq */ \
  REFUSE(294, EPERM) /* kexec_file_load */ \
  DIRECT(424, 424, NONE, 0x0, 0) /* pidfd_send_signal */ \
  REFUSE(425, ENOSYS) /* io_uring_setup */ \
  REFUSE(426, ENOSYS) /* io_uring_enter */ \
  REFUSE(427, ENOSYS) /* io_uring_register */ \
  CONVERT(428, open_tree, NONE, 0x0) /* open_tree */ \
  CONVERT(429, move_mount, NONE, 0x0) /* move_mount */ \
  DIRECT(430, 430, NONE, 0x0, 0) /* fsopen */ \
  CONVERT(431, fsconfig, NONE, 0x0) /* fsconfig */ \
  DIRECT(432, 432, NONE, 0x0, 0) /* fsmount */ \
  CONVERT(433, fspick, NONE, 0x0) /* fspick */ \
  DIRECT(434, 434, NONE, 0x0, 0) /* pidfd_open */ \
  CONVERT(435, clone3, NONE, 0x0) /* clone3 */ \
  CONVERT(436, close_range, NONE, 0x0) /* close_range */ \
  CONVERT(437, openat2, RESTART, 0x0) /* openat2 */ \
  DIRECT(438, 438, NONE, 0x0, 0) /* pidfd_getfd */ \
  CONVERT(439, faccessat2, NONE, 0x0) /* faccessat2 */ \
  DIRECT(440, 440, NONE, 0x0, 0) /* process_madvise */ \
  CONVERT(441, epoll_pwait2, BLOCKS, 0x2) /* epoll_pwait2 */ \
  CONVERT(442, mount_setattr, NONE, 0x0) /* mount_setattr */ \
  DIRECT(443, 443, NONE, 0x8, 0) /* quotactl_fd */ \
  REFUSE(444, ENOSYS) /* landlock_create_ruleset */ \
  REFUSE(445, ENOSYS) /* landlock_add_rule */ \
  REFUSE(446, ENOSYS) /* landlock_restrict_self */ \
  DIRECT(447, 447, NONE, 0x0, 0) /* memfd_secret */ \
  DIRECT(448, 448, NONE, 0x0, 0) /* process_mrelease */ \
  DIRECT(449, 449, RESTART, 0x0, 0) /* futex_waitv */ \
  DIRECT(450, 450, NONE, 0x0, 0) /* set_mempolicy_home_node */ \
  DIRECT(451, 451, NONE, 0x4, 0) /* cachestat */ \
  CONVERT(452, fchmodat2, NONE, 0x0) /* fchmodat2 */ \
  REFUSE(453, ENOSYS) /* map_shadow_stack */ \
  DIRECT(454, 454, NONE, 0x0, 0) /* futex_wake */ \
  DIRECT(455, 455, RESTART, 0x0, 0) /* futex_wait */ \
  DIRECT(456, 456, NONE, 0x0, 0) /* futex_requeue */ \
  DIRECT(457, 457, NONE, 0x2, 0) /* statmount */ \
  DIRECT(458, 458, NONE, 0x2, 0) /* listmount */ \
  DIRECT(459, 459, NONE, 0x6, 0) /* lsm_get_self_attr */ \
  DIRECT(460, 460, NONE, 0x0, 0) /* lsm_set_self_attr */ \
  DIRECT(461, 461, NONE, 0x3, 0) /* lsm_list_modules */ \
  CONVERT(462, mseal, NONE, 0x0) /* mseal */ \
  CONVERT(463, setxattrat, NONE, 0x0) /* setxattrat */ \
  CONVERT(464, getxattrat, NONE, 0x0) /* getxattrat */ \
  CONVERT(465, listxattrat, NONE, 0x8) /* listxattrat */ \
  CONVERT(466, removexattrat, NONE, 0x0) /* removexattrat */ \


/* Generated from runtime/syscalls/table.ts by `npm run generate`: do not edit. */

#pragma once

/* Guest numbers are below this. */
#define FERRY_SYSTEM_CALLS 467

/*
 * DIRECT(guest number, host number, interruption): the host's kernel does it with the same arguments
 * CONVERT(guest number, name, interruption): call_NAME does it
 * REFUSE(guest number, errno)
 */
#define FERRY_SYSTEM_CALL_ROWS(DIRECT, CONVERT, REFUSE) \
  DIRECT(0, __NR_io_setup, NONE) /* io_setup */ \
  DIRECT(1, __NR_io_destroy, NONE) /* io_destroy */ \
  DIRECT(2, __NR_io_submit, NONE) /* io_submit */ \
  DIRECT(3, __NR_io_cancel, NONE) /* io_cancel */ \
  DIRECT(4, __NR_io_getevents, BLOCKS) /* io_getevents */ \
  CONVERT(5, setxattr, NONE) /* setxattr */ \
  CONVERT(6, lsetxattr, NONE) /* lsetxattr */ \
  DIRECT(7, __NR_fsetxattr, NONE) /* fsetxattr */ \
  CONVERT(8, getxattr, NONE) /* getxattr */ \
  CONVERT(9, lgetxattr, NONE) /* lgetxattr */ \
  DIRECT(10, __NR_fgetxattr, NONE) /* fgetxattr */ \
  CONVERT(11, listxattr, NONE) /* listxattr */ \
  CONVERT(12, llistxattr, NONE) /* llistxattr */ \
  DIRECT(13, __NR_flistxattr, NONE) /* flistxattr */ \
  CONVERT(14, removexattr, NONE) /* removexattr */ \
  CONVERT(15, lremovexattr, NONE) /* lremovexattr */ \
  DIRECT(16, __NR_fremovexattr, NONE) /* fremovexattr */ \
  CONVERT(17, getcwd, NONE) /* getcwd */ \
  REFUSE(18, ENOSYS) /* lookup_dcookie */ \
  DIRECT(19, __NR_eventfd2, NONE) /* eventfd2 */ \
  DIRECT(20, __NR_epoll_create1, NONE) /* epoll_create1 */ \
  CONVERT(21, epoll_ctl, NONE) /* epoll_ctl */ \
  CONVERT(22, epoll_pwait, BLOCKS) /* epoll_pwait */ \
  DIRECT(23, __NR_dup, NONE) /* dup */ \
  DIRECT(24, __NR_dup3, NONE) /* dup3 */ \
  DIRECT(25, __NR_fcntl, RESTART) /* fcntl */ \
  DIRECT(26, __NR_inotify_init1, NONE) /* inotify_init1 */ \
  CONVERT(27, inotify_add_watch, NONE) /* inotify_add_watch */ \
  DIRECT(28, __NR_inotify_rm_watch, NONE) /* inotify_rm_watch */ \
  DIRECT(29, __NR_ioctl, RESTART) /* ioctl */ \
  DIRECT(30, __NR_ioprio_set, NONE) /* ioprio_set */ \
  DIRECT(31, __NR_ioprio_get, NONE) /* ioprio_get */ \
  DIRECT(32, __NR_flock, RESTART) /* flock */ \
  CONVERT(33, mknodat, NONE) /* mknodat */ \
  CONVERT(34, mkdirat, NONE) /* mkdirat */ \
  CONVERT(35, unlinkat, NONE) /* unlinkat */ \
  CONVERT(36, symlinkat, NONE) /* symlinkat */ \
  CONVERT(37, linkat, NONE) /* linkat */ \
  REFUSE(38, ENOSYS) /* renameat */ \
  DIRECT(39, __NR_umount2, NONE) /* umount2 */ \
  DIRECT(40, __NR_mount, NONE) /* mount */ \
  DIRECT(41, __NR_pivot_root, NONE) /* pivot_root */ \
  REFUSE(42, ENOSYS) /* nfsservctl */ \
  CONVERT(43, statfs, NONE) /* statfs */ \
  DIRECT(44, __NR_fstatfs, NONE) /* fstatfs */ \
  CONVERT(45, truncate, NONE) /* truncate */ \
  DIRECT(46, __NR_ftruncate, NONE) /* ftruncate */ \
  DIRECT(47, __NR_fallocate, RESTART) /* fallocate */ \
  CONVERT(48, faccessat, NONE) /* faccessat */ \
  CONVERT(49, chdir, NONE) /* chdir */ \
  DIRECT(50, __NR_fchdir, NONE) /* fchdir */ \
  DIRECT(51, __NR_chroot, NONE) /* chroot */ \
  DIRECT(52, __NR_fchmod, NONE) /* fchmod */ \
  CONVERT(53, fchmodat, NONE) /* fchmodat */ \
  CONVERT(54, fchownat, NONE) /* fchownat */ \
  DIRECT(55, __NR_fchown, NONE) /* fchown */ \
  CONVERT(56, openat, RESTART) /* openat */ \
  DIRECT(57, __NR_close, NONE) /* close */ \
  DIRECT(58, __NR_vhangup, NONE) /* vhangup */ \
  DIRECT(59, __NR_pipe2, NONE) /* pipe2 */ \
  DIRECT(60, __NR_quotactl, NONE) /* quotactl */ \
  DIRECT(61, __NR_getdents64, NONE) /* getdents64 */ \
  DIRECT(62, __NR_lseek, NONE) /* lseek */ \
  DIRECT(63, __NR_read, RESTART) /* read */ \
  DIRECT(64, __NR_write, RESTART) /* write */ \
  DIRECT(65, __NR_readv, RESTART) /* readv */ \
  DIRECT(66, __NR_writev, RESTART) /* writev */ \
  DIRECT(67, __NR_pread64, RESTART) /* pread64 */ \
  DIRECT(68, __NR_pwrite64, RESTART) /* pwrite64 */ \
  DIRECT(69, __NR_preadv, RESTART) /* preadv */ \
  DIRECT(70, __NR_pwritev, RESTART) /* pwritev */ \
  DIRECT(71, __NR_sendfile, RESTART) /* sendfile */ \
  CONVERT(72, pselect6, BLOCKS) /* pselect6 */ \
  CONVERT(73, ppoll, BLOCKS) /* ppoll */ \
  DIRECT(74, __NR_signalfd4, NONE) /* signalfd4 */ \
  DIRECT(75, __NR_vmsplice, RESTART) /* vmsplice */ \
  DIRECT(76, __NR_splice, RESTART) /* splice */ \
  DIRECT(77, __NR_tee, RESTART) /* tee */ \
  CONVERT(78, readlinkat, NONE) /* readlinkat */ \
  CONVERT(79, newfstatat, NONE) /* newfstatat */ \
  CONVERT(80, fstat, NONE) /* fstat */ \
  DIRECT(81, __NR_sync, NONE) /* sync */ \
  DIRECT(82, __NR_fsync, NONE) /* fsync */ \
  DIRECT(83, __NR_fdatasync, NONE) /* fdatasync */ \
  DIRECT(84, __NR_sync_file_range, NONE) /* sync_file_range */ \
  DIRECT(85, __NR_timerfd_create, NONE) /* timerfd_create */ \
  DIRECT(86, __NR_timerfd_settime, NONE) /* timerfd_settime */ \
  DIRECT(87, __NR_timerfd_gettime, NONE) /* timerfd_gettime */ \
  CONVERT(88, utimensat, NONE) /* utimensat */ \
  DIRECT(89, __NR_acct, NONE) /* acct */ \
  DIRECT(90, __NR_capget, NONE) /* capget */ \
  DIRECT(91, __NR_capset, NONE) /* capset */ \
  CONVERT(92, personality, NONE) /* personality */ \
  CONVERT(93, exit, NONE) /* exit */ \
  CONVERT(94, exit_group, NONE) /* exit_group */ \
  DIRECT(95, __NR_waitid, RESTART) /* waitid */ \
  CONVERT(96, set_tid_address, NONE) /* set_tid_address */ \
  DIRECT(97, __NR_unshare, NONE) /* unshare */ \
  DIRECT(98, __NR_futex, RESTART) /* futex */ \
  DIRECT(99, __NR_set_robust_list, NONE) /* set_robust_list */ \
  DIRECT(100, __NR_get_robust_list, NONE) /* get_robust_list */ \
  DIRECT(101, __NR_nanosleep, BLOCKS) /* nanosleep */ \
  DIRECT(102, __NR_getitimer, NONE) /* getitimer */ \
  DIRECT(103, __NR_setitimer, NONE) /* setitimer */ \
  REFUSE(104, EPERM) /* kexec_load */ \
  REFUSE(105, EPERM) /* init_module */ \
  REFUSE(106, EPERM) /* delete_module */ \
  DIRECT(107, __NR_timer_create, NONE) /* timer_create */ \
  DIRECT(108, __NR_timer_gettime, NONE) /* timer_gettime */ \
  DIRECT(109, __NR_timer_getoverrun, NONE) /* timer_getoverrun */ \
  DIRECT(110, __NR_timer_settime, NONE) /* timer_settime */ \
  DIRECT(111, __NR_timer_delete, NONE) /* timer_delete */ \
  DIRECT(112, __NR_clock_settime, NONE) /* clock_settime */ \
  CONVERT(113, clock_gettime, NONE) /* clock_gettime */ \
  DIRECT(114, __NR_clock_getres, NONE) /* clock_getres */ \
  DIRECT(115, __NR_clock_nanosleep, BLOCKS) /* clock_nanosleep */ \
  DIRECT(116, __NR_syslog, RESTART) /* syslog */ \
  REFUSE(117, EPERM) /* ptrace */ \
  DIRECT(118, __NR_sched_setparam, NONE) /* sched_setparam */ \
  DIRECT(119, __NR_sched_setscheduler, NONE) /* sched_setscheduler */ \
  DIRECT(120, __NR_sched_getscheduler, NONE) /* sched_getscheduler */ \
  DIRECT(121, __NR_sched_getparam, NONE) /* sched_getparam */ \
  DIRECT(122, __NR_sched_setaffinity, NONE) /* sched_setaffinity */ \
  DIRECT(123, __NR_sched_getaffinity, NONE) /* sched_getaffinity */ \
  DIRECT(124, __NR_sched_yield, NONE) /* sched_yield */ \
  DIRECT(125, __NR_sched_get_priority_max, NONE) /* sched_get_priority_max */ \
  DIRECT(126, __NR_sched_get_priority_min, NONE) /* sched_get_priority_min */ \
  DIRECT(127, __NR_sched_rr_get_interval, NONE) /* sched_rr_get_interval */ \
  REFUSE(128, EINTR) /* restart_syscall */ \
  DIRECT(129, __NR_kill, NONE) /* kill */ \
  DIRECT(130, __NR_tkill, NONE) /* tkill */ \
  DIRECT(131, __NR_tgkill, NONE) /* tgkill */ \
  CONVERT(132, sigaltstack, NONE) /* sigaltstack */ \
  CONVERT(133, rt_sigsuspend, BLOCKS) /* rt_sigsuspend */ \
  CONVERT(134, rt_sigaction, NONE) /* rt_sigaction */ \
  CONVERT(135, rt_sigprocmask, NONE) /* rt_sigprocmask */ \
  CONVERT(136, rt_sigpending, NONE) /* rt_sigpending */ \
  CONVERT(137, rt_sigtimedwait, BLOCKS) /* rt_sigtimedwait */ \
  DIRECT(138, __NR_rt_sigqueueinfo, NONE) /* rt_sigqueueinfo */ \
  CONVERT(139, rt_sigreturn, NONE) /* rt_sigreturn */ \
  DIRECT(140, __NR_setpriority, NONE) /* setpriority */ \
  DIRECT(141, __NR_getpriority, NONE) /* getpriority */ \
  REFUSE(142, EPERM) /* reboot */ \
  DIRECT(143, __NR_setregid, NONE) /* setregid */ \
  DIRECT(144, __NR_setgid, NONE) /* setgid */ \
  DIRECT(145, __NR_setreuid, NONE) /* setreuid */ \
  DIRECT(146, __NR_setuid, NONE) /* setuid */ \
  DIRECT(147, __NR_setresuid, NONE) /* setresuid */ \
  DIRECT(148, __NR_getresuid, NONE) /* getresuid */ \
  DIRECT(149, __NR_setresgid, NONE) /* setresgid */ \
  DIRECT(150, __NR_getresgid, NONE) /* getresgid */ \
  DIRECT(151, __NR_setfsuid, NONE) /* setfsuid */ \
  DIRECT(152, __NR_setfsgid, NONE) /* setfsgid */ \
  DIRECT(153, __NR_times, NONE) /* times */ \
  DIRECT(154, __NR_setpgid, NONE) /* setpgid */ \
  DIRECT(155, __NR_getpgid, NONE) /* getpgid */ \
  DIRECT(156, __NR_getsid, NONE) /* getsid */ \
  DIRECT(157, __NR_setsid, NONE) /* setsid */ \
  DIRECT(158, __NR_getgroups, NONE) /* getgroups */ \
  DIRECT(159, __NR_setgroups, NONE) /* setgroups */ \
  CONVERT(160, uname, NONE) /* uname */ \
  DIRECT(161, __NR_sethostname, NONE) /* sethostname */ \
  DIRECT(162, __NR_setdomainname, NONE) /* setdomainname */ \
  CONVERT(163, getrlimit, NONE) /* getrlimit */ \
  CONVERT(164, setrlimit, NONE) /* setrlimit */ \
  DIRECT(165, __NR_getrusage, NONE) /* getrusage */ \
  DIRECT(166, __NR_umask, NONE) /* umask */ \
  CONVERT(167, prctl, NONE) /* prctl */ \
  CONVERT(168, getcpu, NONE) /* getcpu */ \
  CONVERT(169, gettimeofday, NONE) /* gettimeofday */ \
  DIRECT(170, __NR_settimeofday, NONE) /* settimeofday */ \
  DIRECT(171, __NR_adjtimex, NONE) /* adjtimex */ \
  DIRECT(172, __NR_getpid, NONE) /* getpid */ \
  DIRECT(173, __NR_getppid, NONE) /* getppid */ \
  DIRECT(174, __NR_getuid, NONE) /* getuid */ \
  DIRECT(175, __NR_geteuid, NONE) /* geteuid */ \
  DIRECT(176, __NR_getgid, NONE) /* getgid */ \
  DIRECT(177, __NR_getegid, NONE) /* getegid */ \
  DIRECT(178, __NR_gettid, NONE) /* gettid */ \
  DIRECT(179, __NR_sysinfo, NONE) /* sysinfo */ \
  DIRECT(180, __NR_mq_open, NONE) /* mq_open */ \
  DIRECT(181, __NR_mq_unlink, NONE) /* mq_unlink */ \
  DIRECT(182, __NR_mq_timedsend, RESTART) /* mq_timedsend */ \
  DIRECT(183, __NR_mq_timedreceive, RESTART) /* mq_timedreceive */ \
  DIRECT(184, __NR_mq_notify, NONE) /* mq_notify */ \
  DIRECT(185, __NR_mq_getsetattr, NONE) /* mq_getsetattr */ \
  DIRECT(186, __NR_msgget, NONE) /* msgget */ \
  DIRECT(187, __NR_msgctl, NONE) /* msgctl */ \
  DIRECT(188, __NR_msgrcv, BLOCKS) /* msgrcv */ \
  DIRECT(189, __NR_msgsnd, BLOCKS) /* msgsnd */ \
  DIRECT(190, __NR_semget, NONE) /* semget */ \
  CONVERT(191, semctl, NONE) /* semctl */ \
  DIRECT(192, __NR_semtimedop, BLOCKS) /* semtimedop */ \
  DIRECT(193, __NR_semop, BLOCKS) /* semop */ \
  DIRECT(194, __NR_shmget, NONE) /* shmget */ \
  DIRECT(195, __NR_shmctl, NONE) /* shmctl */ \
  CONVERT(196, shmat, NONE) /* shmat */ \
  CONVERT(197, shmdt, NONE) /* shmdt */ \
  DIRECT(198, __NR_socket, NONE) /* socket */ \
  DIRECT(199, __NR_socketpair, NONE) /* socketpair */ \
  CONVERT(200, bind, NONE) /* bind */ \
  DIRECT(201, __NR_listen, NONE) /* listen */ \
  DIRECT(202, __NR_accept, RESTART) /* accept */ \
  CONVERT(203, connect, RESTART) /* connect */ \
  DIRECT(204, __NR_getsockname, NONE) /* getsockname */ \
  DIRECT(205, __NR_getpeername, NONE) /* getpeername */ \
  DIRECT(206, __NR_sendto, RESTART) /* sendto */ \
  DIRECT(207, __NR_recvfrom, RESTART) /* recvfrom */ \
  DIRECT(208, __NR_setsockopt, NONE) /* setsockopt */ \
  DIRECT(209, __NR_getsockopt, NONE) /* getsockopt */ \
  DIRECT(210, __NR_shutdown, NONE) /* shutdown */ \
  DIRECT(211, __NR_sendmsg, RESTART) /* sendmsg */ \
  DIRECT(212, __NR_recvmsg, RESTART) /* recvmsg */ \
  DIRECT(213, __NR_readahead, NONE) /* readahead */ \
  CONVERT(214, brk, NONE) /* brk */ \
  CONVERT(215, munmap, NONE) /* munmap */ \
  CONVERT(216, mremap, NONE) /* mremap */ \
  DIRECT(217, __NR_add_key, NONE) /* add_key */ \
  DIRECT(218, __NR_request_key, NONE) /* request_key */ \
  DIRECT(219, __NR_keyctl, NONE) /* keyctl */ \
  CONVERT(220, clone, NONE) /* clone */ \
  CONVERT(221, execve, NONE) /* execve */ \
  CONVERT(222, mmap, NONE) /* mmap */ \
  DIRECT(223, __NR_fadvise64, NONE) /* fadvise64 */ \
  DIRECT(224, __NR_swapon, NONE) /* swapon */ \
  DIRECT(225, __NR_swapoff, NONE) /* swapoff */ \
  CONVERT(226, mprotect, NONE) /* mprotect */ \
  CONVERT(227, msync, NONE) /* msync */ \
  CONVERT(228, mlock, NONE) /* mlock */ \
  CONVERT(229, munlock, NONE) /* munlock */ \
  REFUSE(230, EPERM) /* mlockall */ \
  DIRECT(231, __NR_munlockall, NONE) /* munlockall */ \
  CONVERT(232, mincore, NONE) /* mincore */ \
  CONVERT(233, madvise, NONE) /* madvise */ \
  REFUSE(234, ENOSYS) /* remap_file_pages */ \
  DIRECT(235, __NR_mbind, NONE) /* mbind */ \
  DIRECT(236, __NR_get_mempolicy, NONE) /* get_mempolicy */ \
  DIRECT(237, __NR_set_mempolicy, NONE) /* set_mempolicy */ \
  DIRECT(238, __NR_migrate_pages, NONE) /* migrate_pages */ \
  DIRECT(239, __NR_move_pages, NONE) /* move_pages */ \
  DIRECT(240, __NR_rt_tgsigqueueinfo, NONE) /* rt_tgsigqueueinfo */ \
  DIRECT(241, __NR_perf_event_open, NONE) /* perf_event_open */ \
  DIRECT(242, __NR_accept4, RESTART) /* accept4 */ \
  DIRECT(243, __NR_recvmmsg, RESTART) /* recvmmsg */ \
  CONVERT(258, riscv_hwprobe, NONE) /* riscv_hwprobe */ \
  CONVERT(259, riscv_flush_icache, NONE) /* riscv_flush_icache */ \
  DIRECT(260, __NR_wait4, RESTART) /* wait4 */ \
  CONVERT(261, prlimit64, NONE) /* prlimit64 */ \
  DIRECT(262, __NR_fanotify_init, NONE) /* fanotify_init */ \
  CONVERT(263, fanotify_mark, NONE) /* fanotify_mark */ \
  CONVERT(264, name_to_handle_at, NONE) /* name_to_handle_at */ \
  DIRECT(265, __NR_open_by_handle_at, RESTART) /* open_by_handle_at */ \
  DIRECT(266, __NR_clock_adjtime, NONE) /* clock_adjtime */ \
  DIRECT(267, __NR_syncfs, NONE) /* syncfs */ \
  DIRECT(268, __NR_setns, NONE) /* setns */ \
  DIRECT(269, __NR_sendmmsg, RESTART) /* sendmmsg */ \
  DIRECT(270, __NR_process_vm_readv, NONE) /* process_vm_readv */ \
  DIRECT(271, __NR_process_vm_writev, NONE) /* process_vm_writev */ \
  DIRECT(272, __NR_kcmp, NONE) /* kcmp */ \
  REFUSE(273, EPERM) /* finit_module */ \
  DIRECT(274, __NR_sched_setattr, NONE) /* sched_setattr */ \
  DIRECT(275, __NR_sched_getattr, NONE) /* sched_getattr */ \
  CONVERT(276, renameat2, NONE) /* renameat2 */ \
  REFUSE(277, EINVAL) /* seccomp */ \
  DIRECT(278, __NR_getrandom, RESTART) /* getrandom */ \
  DIRECT(279, __NR_memfd_create, NONE) /* memfd_create */ \
  DIRECT(280, __NR_bpf, NONE) /* bpf */ \
  CONVERT(281, execveat, NONE) /* execveat */ \
  DIRECT(282, __NR_userfaultfd, NONE) /* userfaultfd */ \
  DIRECT(283, __NR_membarrier, NONE) /* membarrier */ \
  CONVERT(284, mlock2, NONE) /* mlock2 */ \
  DIRECT(285, __NR_copy_file_range, RESTART) /* copy_file_range */ \
  DIRECT(286, __NR_preadv2, RESTART) /* preadv2 */ \
  DIRECT(287, __NR_pwritev2, RESTART) /* pwritev2 */ \
  REFUSE(288, ENOSYS) /* pkey_mprotect */ \
  REFUSE(289, ENOSYS) /* pkey_alloc */ \
  REFUSE(290, ENOSYS) /* pkey_free */ \
  CONVERT(291, statx, NONE) /* statx */ \
  CONVERT(292, io_pgetevents, BLOCKS) /* io_pgetevents */ \
  REFUSE(293, ENOSYS) /* rseq */ \
  REFUSE(294, EPERM) /* kexec_file_load */ \
  DIRECT(424, 424, NONE) /* pidfd_send_signal */ \
  REFUSE(425, ENOSYS) /* io_uring_setup */ \
  REFUSE(426, ENOSYS) /* io_uring_enter */ \
  REFUSE(427, ENOSYS) /* io_uring_register */ \
  DIRECT(428, 428, NONE) /* open_tree */ \
  DIRECT(429, 429, NONE) /* move_mount */ \
  DIRECT(430, 430, NONE) /* fsopen */ \
  DIRECT(431, 431, NONE) /* fsconfig */ \
  DIRECT(432, 432, NONE) /* fsmount */ \
  DIRECT(433, 433, NONE) /* fspick */ \
  DIRECT(434, 434, NONE) /* pidfd_open */ \
  REFUSE(435, ENOSYS) /* clone3 */ \
  DIRECT(436, 436, NONE) /* close_range */ \
  CONVERT(437, openat2, RESTART) /* openat2 */ \
  DIRECT(438, 438, NONE) /* pidfd_getfd */ \
  CONVERT(439, faccessat2, NONE) /* faccessat2 */ \
  DIRECT(440, 440, NONE) /* process_madvise */ \
  CONVERT(441, epoll_pwait2, BLOCKS) /* epoll_pwait2 */ \
  DIRECT(442, 442, NONE) /* mount_setattr */ \
  DIRECT(443, 443, NONE) /* quotactl_fd */ \
  DIRECT(444, 444, NONE) /* landlock_create_ruleset */ \
  DIRECT(445, 445, NONE) /* landlock_add_rule */ \
  DIRECT(446, 446, NONE) /* landlock_restrict_self */ \
  DIRECT(447, 447, NONE) /* memfd_secret */ \
  DIRECT(448, 448, NONE) /* process_mrelease */ \
  DIRECT(449, 449, RESTART) /* futex_waitv */ \
  DIRECT(450, 450, NONE) /* set_mempolicy_home_node */ \
  DIRECT(451, 451, NONE) /* cachestat */ \
  CONVERT(452, fchmodat2, NONE) /* fchmodat2 */ \
  REFUSE(453, ENOSYS) /* map_shadow_stack */ \
  DIRECT(454, 454, NONE) /* futex_wake */ \
  DIRECT(455, 455, RESTART) /* futex_wait */ \
  DIRECT(456, 456, NONE) /* futex_requeue */ \
  DIRECT(457, 457, NONE) /* statmount */ \
  DIRECT(458, 458, NONE) /* listmount */ \
  DIRECT(459, 459, NONE) /* lsm_get_self_attr */ \
  DIRECT(460, 460, NONE) /* lsm_set_self_attr */ \
  DIRECT(461, 461, NONE) /* lsm_list_modules */ \
  CONVERT(462, mseal, NONE) /* mseal */ \
  CONVERT(463, setxattrat, NONE) /* setxattrat */ \
  CONVERT(464, getxattrat, NONE) /* getxattrat */ \
  CONVERT(465, listxattrat, NONE) /* listxattrat */ \
  CONVERT(466, removexattrat, NONE) /* removexattrat */ \


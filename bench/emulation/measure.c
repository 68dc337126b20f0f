/*
 * measure REPORT COMMAND...: runs a command and writes to the file REPORT what it and all of its descendants used, as one line of
 * JSON. Descendants that outlive the command's first process are waited for (this process is their reaper).
 *
 *     wall, user, system   seconds; of all processes together, their ended children included
 *     memory               KiB at the peak: the largest resident set of one process (ru_maxrss, getrusage(2)), or the largest
 *                          sum of the proportional set sizes of all processes (smaps_rollup, proc(5)) that a sample saw
 *     processes            the most processes that a sample saw
 *     status, signal       how the first process ended; the other one is null
 */
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <linux/kcmp.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/signalfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

/* Milliseconds between samples; the first ones come sooner. */
#define INTERVAL 50
#define MOST_PROCESSES 512

static double now(void)
{
	struct timespec time;
	clock_gettime(CLOCK_MONOTONIC, &time);
	return (double)time.tv_sec + (double)time.tv_nsec * 1e-9;
}

static double seconds(struct timeval time)
{
	return (double)time.tv_sec + (double)time.tv_usec * 1e-6;
}

/* KiB of one process; 0 when it is gone. */
static long proportional_size(pid_t pid)
{
	char path[64], line[256];
	long size = 0;
	snprintf(path, sizeof path, "/proc/%d/smaps_rollup", pid);
	FILE *file = fopen(path, "re");
	if (!file)
		return 0;
	while (fgets(line, sizeof line, file) && sscanf(line, "Pss: %ld", &size) != 1)
		;
	fclose(file);
	return size;
}

/* Whether two processes have one memory, as vfork makes them (kcmp(2)). */
static int share_memory(pid_t one, pid_t other)
{
	return syscall(SYS_kcmp, one, other, KCMP_VM, 0, 0) == 0;
}

/* Adds up a process and its descendants; counts them. */
static long tree_size(pid_t pid, pid_t parent, int *count)
{
	char path[64];
	long size = *count < MOST_PROCESSES && !share_memory(pid, parent) ? proportional_size(pid) : 0;
	++*count;
	snprintf(path, sizeof path, "/proc/%d/task", pid);
	DIR *tasks = opendir(path);
	if (!tasks)
		return size;
	for (struct dirent *task; (task = readdir(tasks)) && *count < MOST_PROCESSES;) {
		snprintf(path, sizeof path, "/proc/%d/task/%.16s/children", pid, task->d_name);
		FILE *children = task->d_name[0] == '.' ? NULL : fopen(path, "re");
		int child;
		while (children && fscanf(children, "%d", &child) == 1)
			size += tree_size(child, pid, count);
		if (children)
			fclose(children);
	}
	closedir(tasks);
	return size;
}

int main(int argc, char **argv)
{
	if (argc < 3) {
		fprintf(stderr, "usage: measure REPORT COMMAND...\n");
		return 2;
	}
	sigset_t child_ended, before;
	sigemptyset(&child_ended);
	sigaddset(&child_ended, SIGCHLD);
	sigprocmask(SIG_BLOCK, &child_ended, &before);
	prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	int events = signalfd(-1, &child_ended, SFD_CLOEXEC | SFD_NONBLOCK);
	double start = now(), end = start;
	pid_t first = fork();
	if (first == 0) {
		sigprocmask(SIG_SETMASK, &before, NULL);
		execvp(argv[2], argv + 2);
		fprintf(stderr, "measure: %s: %s\n", argv[2], strerror(errno));
		_exit(127);
	}
	long peak = 0;
	int most = 1, status = 0;
	for (int interval = 5;; interval = interval < INTERVAL ? 2 * interval : INTERVAL) {
		struct pollfd wait = {events, POLLIN, 0};
		struct signalfd_siginfo information;
		if (poll(&wait, 1, interval) > 0)
			while (read(events, &information, sizeof information) > 0)
				;
		int ended;
		pid_t pid;
		while ((pid = waitpid(-1, &ended, WNOHANG)) > 0)
			if (pid == first)
				status = ended, end = now();
		if (pid < 0 && errno == ECHILD)
			break;
		int count = 0;
		long size = tree_size(getpid(), getppid(), &count) - proportional_size(getpid());
		peak = size > peak ? size : peak;
		most = count - 1 > most ? count - 1 : most;
	}
	struct rusage used;
	getrusage(RUSAGE_CHILDREN, &used);
	FILE *report = fopen(argv[1], "we");
	if (!report) {
		perror(argv[1]);
		return 2;
	}
	fprintf(report, "{\"wall\":%.6f,\"user\":%.6f,\"system\":%.6f,\"memory\":%ld,\"processes\":%d,", end - start,
		seconds(used.ru_utime), seconds(used.ru_stime), peak > used.ru_maxrss ? peak : used.ru_maxrss, most);
	if (WIFSIGNALED(status))
		fprintf(report, "\"status\":null,\"signal\":%d}\n", WTERMSIG(status));
	else
		fprintf(report, "\"status\":%d,\"signal\":null}\n", WEXITSTATUS(status));
	return fclose(report) == 0 ? 0 : 2;
}

/* Thousands of short threads, joined and detached; hundreds at once; what the process says of its threads. */
#include "../probe.h"
#include <dirent.h>
#include <semaphore.h>

static _Atomic long finished, sum;
static pthread_barrier_t barrier;
static sem_t go;
static pid_t ids[512];

static void *add(void *argument) {
  sum += (long)argument;
  finished++;
  return (void *)((long)argument * 2);
}

static void *stay(void *argument) {
  long self = (long)argument;
  ids[self] = gettid();
  pthread_barrier_wait(&barrier);
  while (sem_wait(&go)) {}
  return NULL;
}

static long tasks(void) {
  DIR *directory = opendir("/proc/self/task");
  long count = 0;
  if (!directory) return -1;
  for (struct dirent *entry; (entry = readdir(directory));) count += entry->d_name[0] != '.';
  closedir(directory);
  return count;
}

static long threads_of_status(void) {
  char line[256];
  long count = -1;
  FILE *file = fopen("/proc/self/status", "r");
  while (file && fgets(line, sizeof line, file)) sscanf(line, "Threads: %ld", &count);
  if (file) fclose(file);
  return count;
}

/* Starts its successor and ends without being joined. */
static void *chain(void *argument) {
  long left = (long)argument;
  if (left > 0) {
    pthread_t next;
    MUST_0(pthread_create(&next, NULL, chain, (void *)(left - 1)));
    pthread_detach(next);
  }
  finished++;
  return NULL;
}

static int compare(const void *a, const void *b) { return *(const pid_t *)a - *(const pid_t *)b; }

int main(void) {
  long results = 0;
  printf("tasks %ld, threads %ld\n", tasks(), threads_of_status());
  for (long i = 0; i < 3000; i++) results += join(start_thread(add, (void *)i));
  printf("one by one: %ld ended, sum %ld, results %ld\n", finished, sum, results);

  finished = sum = results = 0;
  for (int batch = 0; batch < 40; batch++) {
    pthread_t threads[50];
    for (long i = 0; i < 50; i++) threads[i] = start_thread(add, (void *)(batch * 50 + i));
    for (int i = 0; i < 50; i++) results += join(threads[i]);
  }
  printf("in batches: %ld ended, sum %ld, results %ld\n", finished, sum, results);

  finished = sum = 0;
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_attr_setstacksize(&attributes, 64 << 10);
  for (long i = 0; i < 2000; i++) {
    pthread_t thread;
    while (pthread_create(&thread, &attributes, add, (void *)i)) sleep_ms(1);
  }
  WAIT_UNTIL(finished == 2000);
  printf("detached: sum %ld\n", sum);

  finished = 0;
  chain((void *)500);
  WAIT_UNTIL(finished == 501);
  WAIT_UNTIL(tasks() == 1);
  printf("a chain: %ld ended, tasks %ld\n", finished, tasks());

  enum { AT_ONCE = 500 };
  pthread_t threads[AT_ONCE];
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_JOINABLE);
  pthread_barrier_init(&barrier, NULL, AT_ONCE + 1);
  for (long i = 0; i < AT_ONCE; i++) MUST_0(pthread_create(&threads[i], &attributes, stay, (void *)i));
  pthread_barrier_wait(&barrier);
  printf("at once: tasks %ld, threads %ld\n", tasks(), threads_of_status());
  for (int i = 0; i < AT_ONCE; i++) sem_post(&go);
  for (int i = 0; i < AT_ONCE; i++) join(threads[i]);
  qsort(ids, AT_ONCE, sizeof *ids, compare);
  int distinct = 1;
  for (int i = 1; i < AT_ONCE; i++) distinct += ids[i] != ids[i - 1];
  printf("thread numbers %d, main's is the process's: %d\n", distinct, gettid() == getpid());
  WAIT_UNTIL(tasks() == 1);
  printf("tasks %ld, threads %ld\n", tasks(), threads_of_status());
}

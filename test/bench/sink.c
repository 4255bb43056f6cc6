// The cheapest server that answers like the Uploads API: bodies are dropped inside the kernel (MSG_TRUNC), ids carry
// what an answer must repeat, so that nothing is remembered. A thread for each connection.
//   cc -O2 -pthread -o sink sink.c && ./sink [bytes a second of each connection] [ms before each answer]
// Prints its port. GET /stats tells connections, requests and body bytes so far.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#define HEAD_BYTES 16384
#define DROP_BYTES (1 << 20)

static atomic_llong connections, requests, body_bytes, ids;
static double rate;
static long delay_ms;

static double now_s(void) {
  struct timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static void sleep_s(double s) {
  struct timespec t = {(time_t)s, (long)((s - (time_t)s) * 1e9)};
  if (s > 0) nanosleep(&t, NULL);
}

// Bytes of a body that had not come with the head.
static int drop(int fd, long long left) {
  double started = now_s();
  long long piece = rate > 0 ? 65536 : DROP_BYTES;
  for (long long done = 0; done < left;) {
    ssize_t n = recv(fd, NULL, left - done < piece ? left - done : piece, MSG_TRUNC);
    if (n <= 0) return 0;
    done += n;
    body_bytes += n;
    if (rate > 0) sleep_s(done / rate - (now_s() - started));
  }
  return 1;
}

static int keep(int fd, char *body, long long have, long long length) {
  while (have < length) {
    ssize_t n = recv(fd, body + have, length - have, 0);
    if (n <= 0) return 0;
    have += n;
  }
  body[length] = 0;
  return 1;
}

// One reply for each call of the API; `path` begins with the method.
static void reply_to(const char *path, const char *body, char *out, size_t size) {
  long long id = ++ids, seconds = time(NULL), bytes = 0;
  char upload[128] = "";
  const char *at = strstr(path, "/uploads/");
  if (at) sscanf(at + 9, "%127[^/ ?]", upload);
  sscanf(upload, "upload_%*dx%lld", &bytes);
  if (strstr(path, "/stats"))
    snprintf(out, size, "{\"connections\":%lld,\"requests\":%lld,\"bytes\":%lld}", (long long)connections, (long long)requests, (long long)body_bytes);
  else if (strstr(path, "/parts"))
    snprintf(out, size, "{\"id\":\"part_%lld\",\"object\":\"upload.part\",\"created_at\":%lld,\"upload_id\":\"%s\"}", id, seconds, upload);
  else if (strstr(path, "/complete"))
    snprintf(out, size,
             "{\"id\":\"%s\",\"object\":\"upload\",\"bytes\":%lld,\"created_at\":%lld,\"expires_at\":%lld,\"filename\":\"file\",\"purpose\":\"batch\",\"status\":\"completed\",\"file\":"
             "{\"id\":\"file-%lld\",\"object\":\"file\",\"bytes\":%lld,\"created_at\":%lld,\"filename\":\"file\",\"purpose\":\"batch\",\"status\":\"processed\"}}",
             upload, bytes, seconds, seconds + 3600, id, bytes, seconds);
  else {
    const char *length = strstr(body, "\"bytes\":");
    if (length) bytes = atoll(length + 8);
    snprintf(out, size,
             "{\"id\":\"upload_%lldx%lld\",\"object\":\"upload\",\"bytes\":%lld,\"created_at\":%lld,\"expires_at\":%lld,\"filename\":\"file\",\"purpose\":\"batch\",\"status\":\"pending\"}",
             id, bytes, bytes, seconds, seconds + 3600);
  }
}

static long long number_after(const char *head, const char *name) {
  const char *at = strcasestr(head, name);
  return at ? atoll(at + strlen(name)) : 0;
}

// Reads one request and answers it; 0 when the connection is over.
static int serve_one(int fd) {
  char head[HEAD_BYTES + 1], body[65537] = "", json[1024], answer[2048], request_id[32];
  ssize_t have = 0, n;
  char *end = NULL;
  while (!end) {
    if (have == HEAD_BYTES || (n = recv(fd, head + have, HEAD_BYTES - have, 0)) <= 0) return 0;
    have += n;
    head[have] = 0;
    end = memmem(head, have, "\r\n\r\n", 4);
  }
  *end = 0;
  long long length = number_after(head, "\ncontent-length:"), early = head + have - (end + 4);
  int is_part = strstr(head, "/parts") != NULL;
  if (strcasestr(head, "\nexpect:")) send(fd, "HTTP/1.1 100 Continue\r\n\r\n", 25, MSG_NOSIGNAL);
  if (is_part || length > 65536) {
    body_bytes += early;
    if (!drop(fd, length - early)) return 0;
  } else {
    memcpy(body, end + 4, early);
    if (!keep(fd, body, early, length)) return 0;
  }
  requests += 1;
  snprintf(request_id, sizeof request_id, "req_%lld", (long long)requests);
  char *line = strchr(head, '\r');
  if (line) *line = 0;
  reply_to(head, body, json, sizeof json);
  sleep_s(delay_ms / 1000.0);
  int size = snprintf(answer, sizeof answer, "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\nx-request-id: %s\r\ncontent-length: %zu\r\n\r\n%s", request_id, strlen(json), json);
  return send(fd, answer, size, MSG_NOSIGNAL) == size;
}

static void *serve(void *given) {
  int fd = (int)(long)given, one = 1;
  setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
  sleep_s(delay_ms / 1000.0);
  while (serve_one(fd));
  close(fd);
  return NULL;
}

int main(int argc, char **argv) {
  rate = argc > 1 ? atof(argv[1]) : 0;
  delay_ms = argc > 2 ? atol(argv[2]) : 0;
  signal(SIGPIPE, SIG_IGN);
  int listener = socket(AF_INET, SOCK_STREAM, 0), one = 1, buffer = 256 * 1024;
  struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
  socklen_t size = sizeof address;
  setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
  // A slow line holds little in flight.
  if (rate > 0) setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof buffer);
  if (bind(listener, (struct sockaddr *)&address, sizeof address) || listen(listener, 512)) return 1;
  getsockname(listener, (struct sockaddr *)&address, &size);
  printf("%d\n", ntohs(address.sin_port));
  fflush(stdout);
  for (;;) {
    int fd = accept(listener, NULL, NULL);
    if (fd < 0) continue;
    connections += 1;
    pthread_t thread;
    if (pthread_create(&thread, NULL, serve, (void *)(long)fd)) close(fd);
    else pthread_detach(thread);
  }
}

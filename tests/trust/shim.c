/* Kills this process, or lets a call fail, at the n-th of its calls that write. Armed by `arm`. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <sys/types.h>
#include <unistd.h>

static int at = 0, nth = 0, fails = 0;

void arm(int n, int error) { at = 0; nth = n; fails = error; }
int calls(void) { return at; }

static int hit(void) {
    if (!nth || __sync_add_and_fetch(&at, 1) != nth) return 0;
    if (!fails) kill(getpid(), SIGKILL);
    errno = fails;
    return 1;
}

#define REAL(f) ((__typeof__(&f))dlsym(RTLD_NEXT, #f))
int rename(const char *a, const char *b) { return hit() ? -1 : REAL(rename)(a, b); }
int renameat2(int a, const char *b, int c, const char *d, unsigned e) {
    return hit() ? -1 : REAL(renameat2)(a, b, c, d, e);
}
int fsync(int f) { return hit() ? -1 : REAL(fsync)(f); }
int fdatasync(int f) { return hit() ? -1 : REAL(fdatasync)(f); }
int mkdir(const char *a, mode_t m) { return hit() ? -1 : REAL(mkdir)(a, m); }
int unlink(const char *a) { return hit() ? -1 : REAL(unlink)(a); }
ssize_t write(int f, const void *b, size_t n) { return f > 2 && hit() ? -1 : REAL(write)(f, b, n); }
ssize_t pwrite(int f, const void *b, size_t n, off_t o) { return hit() ? -1 : REAL(pwrite)(f, b, n, o); }
ssize_t pwrite64(int f, const void *b, size_t n, off64_t o) {
    return hit() ? -1 : REAL(pwrite64)(f, b, n, o);
}

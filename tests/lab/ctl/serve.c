/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Process 1 of a lab guest, once init has set things up: runs commands that
 * dom0 sends through the console (wire.h).  A command that hangs does not
 * keep the next one waiting.
 */

#include "wire.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>

#define STATE_DIR      "/run/lab"
#define PATH_BYTES     128u
#define MAX_OUTPUT     (4u << 20) /* more is cut off: a console is slow */
#define SHELL_NOT_RUN  127
#define SIGNALLED_BASE 128

static void
path_of(char *path, const char *id, const char *what)
{
    snprintf(path, PATH_BYTES, STATE_DIR "/%s.%s", id, what);
}

/* The whole file, with a NUL behind it; NULL if that cannot be. */
static char *
slurp(const char *path, size_t *ret_size)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    struct stat info;
    char *data = NULL;
    ssize_t n;
    size_t size;

    if (fd < 0)
        return NULL;
    if (fstat(fd, &info) == 0 && info.st_size >= 0) {
        size = (size_t)info.st_size < MAX_OUTPUT ? (size_t)info.st_size
                                                 : MAX_OUTPUT;
        data = calloc(1, size + 1);
        n = data ? read(fd, data, size) : -1;
        if (n >= 0)
            *ret_size = (size_t)n;
    }
    close(fd);
    return data;
}

static void
repeat_answer(const char *id)
{
    char path[PATH_BYTES], *answer;
    size_t size = 0;

    path_of(path, id, "answer");
    answer = slurp(path, &size);
    if (answer)
        wire_write(STDOUT_FILENO, answer, size);
    free(answer);
}

static void
save_answer(const char *id, const char *text)
{
    char path[PATH_BYTES];
    FILE *file;

    path_of(path, id, "answer");
    file = fopen(path, "we");
    if (!file)
        return;
    fprintf(file, "\n@lab %s %016" PRIx64 "@\n", text,
            wire_sum(text, strlen(text)));
    fclose(file);
}

static int
exec_shell(const char *command, const char *out_path)
{
    int in = open("/dev/null", O_RDONLY), adj;
    int out = open(out_path, O_WRONLY | O_CREAT | O_TRUNC, 0600);

    /* We must never be killed for want of memory; what we run may. */
    adj = open("/proc/self/oom_score_adj", O_WRONLY | O_CLOEXEC);
    wire_write(adj, "0", 1);
    dup2(in, STDIN_FILENO);
    dup2(out, STDOUT_FILENO);
    dup2(out, STDERR_FILENO);
    close(in);
    close(out);
    setsid();
    execl("/bin/sh", "sh", "-c", command, (char *)NULL);
    return SHELL_NOT_RUN;
}

/* In a process of its own: run the command, answer, end. */
static void
execute(const char *id, char *encoded)
{
    char path[PATH_BYTES], *output, *body, *text = NULL;
    size_t size = 0;
    int status = 0;
    pid_t child;

    signal(SIGCHLD, SIG_DFL);
    if (!wire_decode(encoded, &size))
        return;
    encoded[size] = '\0';
    path_of(path, id, "out");
    child = fork();
    if (child == 0)
        _exit(exec_shell(encoded, path));
    while (waitpid(child, &status, 0) < 0 && errno == EINTR)
        ;
    output = slurp(path, &size);
    body = output ? wire_encode(output, size) : NULL;
    if (asprintf(&text, "%s %d =%s", id,
                 WIFEXITED(status) ? WEXITSTATUS(status)
                                   : SIGNALLED_BASE + WTERMSIG(status),
                 body ? body : "") < 0)
        return;
    save_answer(id, text);
    repeat_answer(id);
    unlink(path);
}

static void
obey(char *line)
{
    char *rest = line, *verb = strsep(&rest, " "), *id = strsep(&rest, " ");
    char path[PATH_BYTES];

    if (!id || strlen(id) >= WIRE_ID_BYTES || strchr(id, '/'))
        return;
    if (strcmp(verb, "again") == 0)
        repeat_answer(id);
    if (strcmp(verb, "drop") == 0) {
        path_of(path, id, "answer");
        unlink(path);
    }
    if (strcmp(verb, "run") != 0 || !rest || *rest != '=')
        return;
    if (fork() == 0) {
        execute(id, rest + 1);
        _exit(0);
    }
}

static void
make_console_raw(void)
{
    struct termios mode;

    if (tcgetattr(STDIN_FILENO, &mode) == 0) {
        cfmakeraw(&mode);
        tcsetattr(STDIN_FILENO, TCSANOW, &mode);
    }
}

static void
announce(void)
{
    char text[PATH_BYTES], *uuid;
    size_t size = 0;

    uuid = slurp("/sys/hypervisor/uuid", &size);
    if (uuid)
        uuid[strcspn(uuid, "\n")] = '\0';
    snprintf(text, sizeof(text), "\n@lab up %s@\n", uuid ? uuid : "?");
    wire_write(STDOUT_FILENO, text, strlen(text));
    free(uuid);
}

int
main(void)
{
    char *line = NULL;
    size_t size = 0;
    ssize_t length;

    signal(SIGCHLD, SIG_IGN); /* nobody needs our zombies */
    mkdir(STATE_DIR, 0700);
    make_console_raw();
    announce();
    for (;;) {
        length = getline(&line, &size, stdin);
        if (length <= 0) {
            clearerr(stdin);
            sleep(1); /* process 1 must not end; the console came off */
            continue;
        }
        line[strcspn(line, "\n")] = '\0';
        obey(line);
    }
}

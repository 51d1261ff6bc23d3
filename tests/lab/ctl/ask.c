/* SPDX-License-Identifier: LGPL-2.1-or-later */
/*
 * ask SOCKET LINE: sends the line to a local socket, prints the line that comes
 * back.
 */
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
    struct sockaddr_un address = { .sun_family = AF_UNIX };
    int fd = socket(AF_UNIX, SOCK_STREAM, 0);
    FILE *stream = fd < 0 ? NULL : fdopen(fd, "r+");
    int c;

    if (argc != 3 || !stream || strlen(argv[1]) >= sizeof(address.sun_path)) {
        fputs("usage: ask SOCKET LINE\n", stderr);
        return 2;
    }
    strcpy(address.sun_path, argv[1]);
    if (connect(fd, (struct sockaddr *)&address, sizeof(address)) < 0) {
        perror(argv[1]);
        return 1;
    }
    fprintf(stream, "%s\n", argv[2]);
    fflush(stream);
    while ((c = getc(stream)) != EOF) {
        putchar(c);
        if (c == '\n')
            return 0;
    }
    return 1;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* One sentence for each way in which a machine is not a Xen host for us. */
#include <config.h>

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "host-xen-check.h"
#include "util/cleanup.h"

#define PRIVCMD      "/dev/xen/privcmd"
#define CAPABILITIES "/proc/xen/capabilities"

/* The oldest whose calls mean what we take them to mean: 4.8 keeps
 * outstanding claims in physinfo and xenstore domains in the flags. */
#define XEN_MAJOR_MIN 4
#define XEN_MINOR_MIN 8

static int refuse(char error[HOST_ERROR_SIZE], int r, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static int
refuse(char error[HOST_ERROR_SIZE], int r, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(error, HOST_ERROR_SIZE, format, args);
    va_end(args);
    return r;
}

static int
check_dom0(char error[HOST_ERROR_SIZE])
{
    cleanup_fclose FILE *file = NULL;
    char text[64] = "";

    if (access(PRIVCMD, F_OK) < 0)
        return refuse(error, -ENODEV,
                      "this is not a Xen dom0: there is no " PRIVCMD);
    file = fopen(CAPABILITIES, "re");
    if (!file)
        return refuse(error, -ENODEV,
                      "this is not a Xen dom0, or xenfs is not mounted on "
                      "/proc/xen: cannot read " CAPABILITIES ": %s",
                      strerror(errno));
    if (!fgets(text, sizeof(text), file) || !strstr(text, "control_d"))
        return refuse(error, -ENODEV,
                      "this Xen domain may not control others: " CAPABILITIES
                      " lacks control_d");
    return 0;
}

static int
check_version(xc_interface *xc, char error[HOST_ERROR_SIZE])
{
    int version = xc_version(xc, XENVER_version, NULL);
    int major = version >> 16, minor = version & 0xffff;

    if (version < 0)
        return refuse(error, -errno, "cannot ask Xen for its version: %s",
                      strerror(errno));
    if (major > XEN_MAJOR_MIN ||
        (major == XEN_MAJOR_MIN && minor >= XEN_MINOR_MIN))
        return 0;
    return refuse(error, -ENOTSUP,
                  "Xen %d.%d is too old: balancerd needs %d.%d or newer", major,
                  minor, XEN_MAJOR_MIN, XEN_MINOR_MIN);
}

/* Xen answers calls of another interface version with EACCES, one that is
 * laid out otherwise with EINVAL. */
static int
refuse_call(xc_interface *xc, const char *call, char error[HOST_ERROR_SIZE])
{
    int r = -errno;
    int version = xc_version(xc, XENVER_version, NULL);

    if (r == -EACCES || r == -EINVAL)
        return refuse(error, -ENOTSUP,
                      "the installed libxenctrl is not the one of the running "
                      "Xen %d.%d: it does not understand our %s call",
                      version >> 16, version & 0xffff, call);
    return refuse(error, r, "Xen refuses our %s call: %s", call, strerror(-r));
}

/* Sysctl and domctl have interface versions of their own. */
static int
check_interface(xc_interface *xc, char error[HOST_ERROR_SIZE])
{
    xc_physinfo_t physinfo = { 0 };
    xc_vcpuinfo_t vcpu = { 0 };

    if (xc_physinfo(xc, &physinfo) < 0)
        return refuse_call(xc, "sysctl", error);
    if (xc_vcpu_getinfo(xc, 0, 0, &vcpu) < 0)
        return refuse_call(xc, "domctl", error);
    return 0;
}

static int
check_hypervisor(const struct xen_handles *handles, char error[HOST_ERROR_SIZE])
{
    int r;

    if (!handles->xc && geteuid() != 0)
        return refuse(error, -EPERM,
                      "no permission to control Xen (%s): "
                      "balancerd has to be run by root",
                      strerror(handles->xc_errno));
    if (!handles->xc)
        return refuse(error, -handles->xc_errno, "cannot open " PRIVCMD ": %s",
                      strerror(handles->xc_errno));
    r = check_version(handles->xc, error);
    return r < 0 ? r : check_interface(handles->xc, error);
}

static bool
is_answered(const char *path)
{
    cleanup_close int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un address = { .sun_family = AF_UNIX };

    if (fd < 0 || strlen(path) >= sizeof(address.sun_path))
        return false;
    memcpy(address.sun_path, path, strlen(path));
    return connect(fd, (struct sockaddr *)&address, sizeof(address)) == 0;
}

static bool
has_xenstore_domain(xc_interface *xc)
{
    xc_domaininfo_t info;
    uint32_t next = 0;

    while (next < DOMID_FIRST_RESERVED &&
           xc_domain_getinfolist(xc, next, 1, &info) == 1) {
        if (info.flags & XEN_DOMINF_xs_domain)
            return true;
        next = info.domain + 1u;
    }
    return false;
}

/* xs_open() falls back to a device on which requests wait for ever if nobody
 * serves it: whoever should answer has to be looked for. */
static int
check_xenstored(const struct xen_handles *handles, char error[HOST_ERROR_SIZE])
{
    if (handles->xs &&
        (is_answered(xs_daemon_socket()) || has_xenstore_domain(handles->xc)))
        return 0;
    return refuse(error, -ENOTCONN,
                  "xenstored does not run: nobody answers at %s",
                  xs_daemon_socket());
}

int
xen_check(const struct xen_handles *handles, char error[HOST_ERROR_SIZE])
{
    int r = check_dom0(error);

    if (r == 0)
        r = check_hypervisor(handles, error);
    if (r == 0)
        r = check_xenstored(handles, error);
    return r;
}

/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* Messages of the families "nlctrl" and "nbd". */
#include <config.h>

#include <errno.h>
#include <libmnl/libmnl.h>
#include <linux/genetlink.h>
#include <linux/nbd-netlink.h>
#include <time.h>

#include "nbd-link.h"

/* All kernels and devices know it, and so do guests' partition tables. */
#define SECTOR_BYTES 512
#define MESSAGE_SIZE 8192

struct link {
    struct mnl_socket *socket;
    uint32_t port;
    uint32_t sequence;
    union {
        char bytes[MESSAGE_SIZE];
        struct nlmsghdr header; /* aligned as such */
    } buffer;
};

static int
link_open(struct link *l)
{
    l->socket = mnl_socket_open(NETLINK_GENERIC);
    if (!l->socket || mnl_socket_bind(l->socket, 0, MNL_SOCKET_AUTOPID) < 0)
        return -errno;
    l->port = mnl_socket_get_portid(l->socket);
    l->sequence = (uint32_t)time(NULL);
    return 0;
}

static void
link_close(struct link *l)
{
    if (l->socket)
        mnl_socket_close(l->socket);
}

static struct nlmsghdr *
message_begin(struct link *l, uint16_t family, uint8_t command, uint8_t version)
{
    struct nlmsghdr *message = mnl_nlmsg_put_header(l->buffer.bytes);
    struct genlmsghdr *head;

    message->nlmsg_type = family;
    message->nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
    message->nlmsg_seq = ++l->sequence;
    head = mnl_nlmsg_put_extra_header(message, sizeof(*head));
    head->cmd = command;
    head->version = version;
    return message;
}

/* Sends, and hears until the kernel acknowledges. */
static int
message_send(struct link *l, const struct nlmsghdr *message, mnl_cb_t take,
             void *ctx)
{
    int r = MNL_CB_OK;

    if (mnl_socket_sendto(l->socket, message, message->nlmsg_len) < 0)
        return -errno;
    while (r > MNL_CB_STOP) {
        ssize_t n = mnl_socket_recvfrom(l->socket, l->buffer.bytes,
                                        sizeof(l->buffer.bytes));

        if (n < 0)
            return -errno;
        r = mnl_cb_run(l->buffer.bytes, (size_t)n, l->sequence, l->port, take,
                       ctx);
    }
    return r < 0 ? -errno : 0;
}

/* Of an answer: the attribute that is looked for. */
static int
take_family_id(const struct nlattr *attribute, void *ctx)
{
    uint16_t *family = ctx;

    if (mnl_attr_get_type(attribute) == CTRL_ATTR_FAMILY_ID &&
        mnl_attr_validate(attribute, MNL_TYPE_U16) >= 0)
        *family = mnl_attr_get_u16(attribute);
    return MNL_CB_OK;
}

static int
take_family(const struct nlmsghdr *message, void *ctx)
{
    return mnl_attr_parse(message, sizeof(struct genlmsghdr), take_family_id,
                          ctx);
}

static int
find_family(struct link *l, uint16_t *ret)
{
    struct nlmsghdr *message =
        message_begin(l, GENL_ID_CTRL, CTRL_CMD_GETFAMILY, 1);
    int r;

    *ret = 0;
    mnl_attr_put_strz(message, CTRL_ATTR_FAMILY_NAME, NBD_GENL_FAMILY_NAME);
    r = message_send(l, message, take_family, ret);
    if (r == -ENOENT || (r == 0 && *ret == 0))
        return -ENODEV;
    return r;
}

static int
take_index_value(const struct nlattr *attribute, void *ctx)
{
    uint32_t *index = ctx;

    if (mnl_attr_get_type(attribute) == NBD_ATTR_INDEX &&
        mnl_attr_validate(attribute, MNL_TYPE_U32) >= 0)
        *index = mnl_attr_get_u32(attribute);
    return MNL_CB_OK;
}

static int
take_index(const struct nlmsghdr *message, void *ctx)
{
    return mnl_attr_parse(message, sizeof(struct genlmsghdr), take_index_value,
                          ctx);
}

/* One connection only: with more of them the kernel tries a request that timed
 * out on the next, which is to the same lender. */
static void
put_socket(struct nlmsghdr *message, int fd)
{
    struct nlattr *sockets = mnl_attr_nest_start(message, NBD_ATTR_SOCKETS);
    struct nlattr *item = mnl_attr_nest_start(message, NBD_SOCK_ITEM);

    mnl_attr_put_u32(message, NBD_SOCK_FD, (uint32_t)fd);
    mnl_attr_nest_end(message, item);
    mnl_attr_nest_end(message, sockets);
}

static int
request_device(struct link *l, const struct nbd_wish *wish, uint32_t *ret_index)
{
    struct nlmsghdr *message;
    uint16_t family = 0;
    int r = find_family(l, &family);

    if (r < 0)
        return r;
    message = message_begin(l, family, NBD_CMD_CONNECT, NBD_GENL_VERSION);
    mnl_attr_put_u64(message, NBD_ATTR_SIZE_BYTES, wish->size_bytes);
    mnl_attr_put_u64(message, NBD_ATTR_BLOCK_SIZE_BYTES, SECTOR_BYTES);
    mnl_attr_put_u64(message, NBD_ATTR_TIMEOUT, NBD_TIMEOUT_S);
    mnl_attr_put_u64(message, NBD_ATTR_SERVER_FLAGS, wish->server_flags);
    mnl_attr_put_strz(message, NBD_ATTR_BACKEND_IDENTIFIER, wish->identifier);
    put_socket(message, wish->fd);
    return message_send(l, message, take_index, ret_index);
}

int
nbd_link_connect(const struct nbd_wish *wish, uint32_t *ret_index)
{
    struct link l = { .socket = NULL };
    int r = link_open(&l);

    if (r == 0)
        r = request_device(&l, wish, ret_index);
    link_close(&l);
    return r;
}

static int
request_end(struct link *l, uint32_t index)
{
    struct nlmsghdr *message;
    uint16_t family = 0;
    int r = find_family(l, &family);

    if (r < 0)
        return r;
    message = message_begin(l, family, NBD_CMD_DISCONNECT, NBD_GENL_VERSION);
    mnl_attr_put_u32(message, NBD_ATTR_INDEX, index);
    return message_send(l, message, NULL, NULL);
}

int
nbd_link_disconnect(uint32_t index)
{
    struct link l = { .socket = NULL };
    int r = link_open(&l);

    if (r == 0)
        r = request_end(&l, index);
    link_close(&l);
    return r;
}

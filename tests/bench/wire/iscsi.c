/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* As little of an iSCSI initiator as reads and writes LUN 1 of a target that
 * asks for no password: unsolicited data, and one Data-In per read. */
#include <config.h>

#include <endian.h>
#include <stdio.h>
#include <string.h>

#include "wire.h"

#define OP_COMMAND   0x01
#define OP_LOGIN     0x43 /* immediate */
#define OP_RESPONSE  0x21
#define OP_LOGGED_IN 0x23
#define OP_DATA_IN   0x25

#define LOGIN_FLAGS 0x87 /* from operational to full feature */
#define LOGIN_DONE  0x80
#define FINAL       0x80
#define READS       0x40
#define WRITES      0x20
#define SIMPLE      0x01
#define HAS_STATUS  0x01

#define READ_10  0x28
#define WRITE_10 0x2a
#define BLOCK    512u

/* Of all PDUs; what the fields of 4 bytes mean depends on the operation. */
struct pdu {
    uint8_t operation;
    uint8_t flags;
    uint8_t response;
    uint8_t status;
    uint32_t data_length; /* the upper byte is of something else: 0 */
    uint8_t lun[8];
    uint32_t tag;
    uint32_t length;
    uint32_t number; /* of the command, or of the status */
    uint32_t expected;
    uint8_t rest[16];
} __attribute__((packed));

/* Texts by name that both sides agree on; the sizes are set in the target. */
static const char keys[] =
    "InitiatorName=iqn.2000-01.org.example:bench\0SessionType=Normal\0"
    "HeaderDigest=None\0DataDigest=None\0InitialR2T=No\0ImmediateData=Yes\0"
    "MaxRecvDataSegmentLength=262144\0FirstBurstLength=262144\0"
    "MaxBurstLength=262144\0MaxConnections=1\0ErrorRecoveryLevel=0\0"
    "TargetName=";

static void
take_text(struct wire *w, uint32_t length)
{
    uint8_t text[8192];

    length = (length + 3) / 4 * 4;
    wire_require(length <= sizeof(text), "iSCSI login");
    if (length)
        wire_take(w, text, length);
}

/* One request of a login, with so much text; true: that was the last. */
static bool
log_in(struct wire *w, const uint8_t *text, size_t length)
{
    struct pdu login = {
        .operation = OP_LOGIN,
        .flags = LOGIN_FLAGS,
        .data_length = htobe32((uint32_t)length),
        .lun = { 0x80, 0, 0, 0, 0, 1 },
    };
    struct pdu answer;

    wire_put(w, &login, sizeof(login));
    wire_put(w, text, (length + 3) / 4 * 4);
    wire_take(w, &answer, sizeof(answer));
    take_text(w, be32toh(answer.data_length) & 0xffffff);
    /* rest[4] is the class of the status: 0 is success. */
    wire_require(answer.operation == OP_LOGGED_IN && answer.rest[4] == 0,
                 "iSCSI login");
    w->sequence = be32toh(answer.expected);
    return answer.flags & LOGIN_DONE;
}

/* A target tells each new initiator, by a first failure, that it is new. */
static bool
is_ready(struct wire *w)
{
    struct pdu test = {
        .operation = OP_COMMAND,
        .flags = FINAL | SIMPLE,
        .lun = { 0, 1 },
        .number = htobe32(w->sequence++),
    };
    struct pdu answer;

    wire_put(w, &test, sizeof(test));
    wire_take(w, &answer, sizeof(answer));
    take_text(w, be32toh(answer.data_length) & 0xffffff);
    return answer.operation == OP_RESPONSE && answer.status == 0;
}

static void
iscsi_greet(struct wire *w, const char *export_name)
{
    uint8_t text[1024] = { 0 };
    size_t length = sizeof(keys) - 1 + strlen(export_name) + 1;

    wire_require(length <= sizeof(text) - 4, export_name);
    memcpy(text, keys, sizeof(keys) - 1);
    memcpy(text + sizeof(keys) - 1, export_name, strlen(export_name));
    /* The target may answer the keys first. */
    if (!log_in(w, text, length))
        wire_require(log_in(w, text, 0), "iSCSI login");
    if (!is_ready(w))
        wire_require(is_ready(w), "test unit ready");
}

static size_t
iscsi_head(struct wire *w, const struct wire_request *r, uint8_t *to)
{
    uint32_t block = htobe32((uint32_t)(r->offset / BLOCK));
    uint16_t n_blocks = htobe16((uint16_t)(r->length / BLOCK));
    struct pdu command = {
        .operation = OP_COMMAND,
        .flags = (uint8_t)(FINAL | SIMPLE | (r->is_write ? WRITES : READS)),
        .data_length = htobe32(r->is_write ? r->length : 0),
        .lun = { 0, 1 },
        .tag = htobe32(r->tag),
        .length = htobe32(r->length),
        .number = htobe32(w->sequence++),
    };

    command.rest[0] = r->is_write ? WRITE_10 : READ_10;
    memcpy(command.rest + 2, &block, sizeof(block));
    memcpy(command.rest + 7, &n_blocks, sizeof(n_blocks));
    memcpy(to, &command, sizeof(command));
    return sizeof(command);
}

static void
iscsi_receive(struct wire *w)
{
    struct pdu answer;
    bool is_good;

    wire_take(w, w->reply,
              sizeof(answer) + (w->shape.is_write ? 0 : w->shape.length));
    memcpy(&answer, w->reply, sizeof(answer));
    if (w->shape.is_write)
        is_good = answer.operation == OP_RESPONSE && answer.response == 0;
    else
        is_good = answer.operation == OP_DATA_IN &&
                  (answer.flags & HAS_STATUS) &&
                  (be32toh(answer.data_length) & 0xffffff) == w->shape.length;
    wire_require(is_good && answer.status == 0, "iSCSI reply");
}

const struct wire_protocol wire_iscsi = {
    "iscsi",
    iscsi_greet,
    iscsi_head,
    iscsi_receive,
};

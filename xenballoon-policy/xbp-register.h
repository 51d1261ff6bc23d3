/* SPDX-License-Identifier: LGPL-2.1-or-later */
/* How a policy engine makes itself known; part of xbp.h. */
#ifndef XBP_REGISTER_H
#define XBP_REGISTER_H

#include "xbp.h"

#ifdef __cplusplus
# define XBP_EXTERN_C extern "C"
#else
# define XBP_EXTERN_C extern
#endif

/* Defines the one symbol that a plugin exports.  policy is a non-const
 * object with static storage duration.  The daemon's own engines are built
 * with XBP_BUILTIN, which makes the symbol carry the object's name. */
#ifdef XBP_BUILTIN
# define XBP_INIT_NAME(policy) policy##_init
#else
# define XBP_INIT_NAME(policy) xbp_policy_init
#endif
#define XBP_REGISTER_POLICY(policy)                    \
 XBP_EXTERN_C __attribute__((visibility("default")))   \
 const struct xbp_policy *XBP_INIT_NAME(policy)(void); \
 const struct xbp_policy *XBP_INIT_NAME(policy)(void)  \
 {                                                     \
  (policy)._struct_size = sizeof(policy);              \
  (policy)._api_version = XBP_API_VERSION;             \
  return &(policy);                                    \
 }

#endif

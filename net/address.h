/* address.h: is this address inside somebody's house? Private, loopback, link-local, multicast and
 * reserved ranges of IPv4 and IPv6, also when one is wrapped in the other. Pure. */
#ifndef DF_NET_ADDRESS_H
#define DF_NET_ADDRESS_H

#include <stdbool.h>
#include <sys/socket.h>

/* True as well for a family that is neither IPv4 nor IPv6: nothing public is behind it. */
bool address_is_private(const struct sockaddr *addr);

#endif

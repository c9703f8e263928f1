#include "net/address.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdint.h>
#include <string.h>

struct range {
    uint32_t net;
    int bits;
};

static bool private_v4(uint32_t ip)
{
    static const struct range ranges[] = {
        {0x00000000, 8},  /* this network */
        {0x0A000000, 8},  /* 10.0.0.0 */
        {0x64400000, 10}, /* 100.64.0.0, carriers */
        {0x7F000000, 8},  /* loopback */
        {0xA9FE0000, 16}, /* 169.254.0.0: link-local, and where clouds keep their secrets */
        {0xAC100000, 12}, /* 172.16.0.0 */
        {0xC0000000, 24}, /* 192.0.0.0 */
        {0xC0A80000, 16}, /* 192.168.0.0 */
        {0xC6120000, 15}, /* 198.18.0.0, benchmarks */
        {0xE0000000, 3},  /* multicast, reserved, broadcast */
    };
    for (size_t i = 0; i < sizeof ranges / sizeof *ranges; i++)
        if (ip >> (32 - ranges[i].bits) == ranges[i].net >> (32 - ranges[i].bits))
            return true;
    return false;
}

static uint32_t v4_at(const unsigned char *p)
{
    return (uint32_t)p[0] << 24 | (uint32_t)p[1] << 16 | (uint32_t)p[2] << 8 | p[3];
}

static bool private_v6(const unsigned char ip[16])
{
    static const unsigned char zero[12] = {0};
    static const unsigned char mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF};
    static const unsigned char nat64[12] = {0, 0x64, 0xFF, 0x9B};
    if (memcmp(ip, zero, 12) == 0) /* unspecified, loopback, the old IPv4-compatible form */
        return true;
    if (memcmp(ip, mapped, 12) == 0 || memcmp(ip, nat64, 12) == 0)
        return private_v4(v4_at(ip + 12));
    if (ip[0] == 0x20 && ip[1] == 0x02) /* 6to4 */
        return private_v4(v4_at(ip + 2));
    return (ip[0] & 0xFE) == 0xFC ||                      /* unique local */
           (ip[0] == 0xFE && (ip[1] & 0x80) == 0x80) ||   /* link-local, site-local */
           ip[0] == 0xFF;                                 /* multicast */
}

bool address_is_private(const struct sockaddr *addr)
{
    struct sockaddr_in v4;
    struct sockaddr_in6 v6;
    if (addr->sa_family == AF_INET) {
        memcpy(&v4, addr, sizeof v4);
        return private_v4(ntohl(v4.sin_addr.s_addr));
    }
    if (addr->sa_family == AF_INET6) {
        memcpy(&v6, addr, sizeof v6);
        return private_v6(v6.sin6_addr.s6_addr);
    }
    return true;
}

#include <arpa/inet.h>
#include <criterion/criterion.h>
#include <netinet/in.h>

#include "net/address.h"

static bool is_private(const char *text)
{
    struct sockaddr_in v4 = {.sin_family = AF_INET};
    struct sockaddr_in6 v6 = {.sin6_family = AF_INET6};
    if (inet_pton(AF_INET, text, &v4.sin_addr) == 1)
        return address_is_private((struct sockaddr *)&v4);
    cr_assert_eq(inet_pton(AF_INET6, text, &v6.sin6_addr), 1, "%s", text);
    return address_is_private((struct sockaddr *)&v6);
}

Test(net_address, what_is_inside_and_what_is_outside)
{
    static const char *const inside[] = {
        "127.0.0.1", "127.255.255.254", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
        "169.254.169.254", "100.64.0.1", "0.0.0.0", "224.0.0.1", "255.255.255.255", "198.19.0.1",
        "::1", "::", "fe80::1", "fec0::1", "fc00::1", "fdff::1", "ff02::1", "::ffff:10.0.0.1",
        "::ffff:127.0.0.1", "64:ff9b::7f00:1", "2002:7f00:1::", "::127.0.0.1"};
    static const char *const outside[] = {
        "1.1.1.1", "8.8.8.8", "172.15.0.1", "172.32.0.1", "192.167.1.1", "100.128.0.1",
        "223.255.255.255", "198.17.0.1", "2606:4700::1111", "::ffff:8.8.8.8", "64:ff9b::808:808",
        "2002:808:808::"};
    for (size_t i = 0; i < sizeof inside / sizeof *inside; i++)
        cr_expect(is_private(inside[i]), "%s", inside[i]);
    for (size_t i = 0; i < sizeof outside / sizeof *outside; i++)
        cr_expect_not(is_private(outside[i]), "%s", outside[i]);
}

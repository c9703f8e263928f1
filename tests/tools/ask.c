/* ask.c: one HTTP request for the end-to-end tests, so that they need no curl program.
 * usage: ask COOKIES URL [FORM]     (GET, or POST of the form's bytes; cookies kept in the file)
 * Prints the status on the first line, then the body. Exit 1 when there was no answer. */
#include <curl/curl.h>
#include <stdio.h>
#include <stdlib.h>

int main(int argc, char **argv)
{
    CURL *curl = curl_easy_init();
    char *body = NULL;
    size_t size = 0;
    FILE *out = open_memstream(&body, &size);
    long status = 0;
    CURLcode rc;

    if (argc < 3 || !curl || !out) {
        fputs("usage: ask COOKIES URL [FORM]\n", stderr);
        return 2;
    }
    curl_easy_setopt(curl, CURLOPT_URL, argv[2]);
    curl_easy_setopt(curl, CURLOPT_PROXY, "");
    curl_easy_setopt(curl, CURLOPT_COOKIEFILE, argv[1]);
    curl_easy_setopt(curl, CURLOPT_COOKIEJAR, argv[1]);
    curl_easy_setopt(curl, CURLOPT_TIMEOUT, 20L);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, out);
    if (argc > 3)
        curl_easy_setopt(curl, CURLOPT_POSTFIELDS, argv[3]);
    rc = curl_easy_perform(curl);
    curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
    curl_easy_cleanup(curl);
    fclose(out);
    printf("%ld\n", status);
    fwrite(body, 1, size, stdout);
    free(body);
    return rc == CURLE_OK ? 0 : 1;
}

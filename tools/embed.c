/* embed.c: turns data files into one C file with a table sorted by path (core/data.h).
 * usage: embed FILE… > data_files.c        (paths are kept as given)
 * The bytes go into the read-only data of the program by the assembler's .incbin, which is as
 * fast for a megabyte as for a line. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int main(int argc, char **argv)
{
    int n = argc - 1;
    qsort(argv + 1, (size_t)n, sizeof *argv, by_name);
    puts("/* made by tools/embed.c */\n#include \"core/data.h\"\n");
    for (int i = 0; i < n; i++)
        printf("__asm__(\".section .rodata\\n.balign 16\\ndf_data_%d:\\n.incbin \\\"%s\\\"\\n"
               "df_data_%d_end:\\n.byte 0\\n.previous\\n\");\n"
               "extern const unsigned char df_data_%d[] __attribute__((visibility(\"hidden\")));\n",
               i, argv[i + 1], i, i);
    puts("\nconst struct data_file data_files[] = {");
    for (int i = 0; i < n; i++) {
        FILE *f = fopen(argv[i + 1], "rb");
        if (!f || fseek(f, 0, SEEK_END) != 0) {
            perror(argv[i + 1]);
            return 1;
        }
        printf("    {\"%s\", df_data_%d, %ld},\n", argv[i + 1], i, ftell(f));
        fclose(f);
    }
    if (n == 0)
        puts("    {0, 0, 0},");
    printf("};\nconst unsigned long data_file_count = %d;\n", n);
    return 0;
}

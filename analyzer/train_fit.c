/* train_fit.c: a penalised softmax with masks, minimised by L-BFGS. Single-threaded and in a fixed
 * order of additions: the same problem gives the same bits. Knows no text. */
#include <math.h>
#include <stdlib.h>

#include "analyzer/train_private.h"

enum { MEMORY = 8, TRIES = 20 };

/* Loss and gradient at x. p_k = softmax over the classes the row may be; the loss of a row is
 * −log of the probability that it is one of the classes it is. */
static inline double sweep(const struct train_problem *p, const double *x, double *g, const int K)
{
    const double *xg = x + p->columns * (size_t)K, *xf = xg + TRAIN_GENERAL * K;
    double *gg = g + p->columns * (size_t)K, *gf = gg + TRAIN_GENERAL * K;
    double loss = 0;
    for (size_t r = 0; r < p->rows; r++) {
        double z[TRAIN_CLASSES] = {0}, d[TRAIN_CLASSES];
        for (size_t i = p->start[r]; i < p->start[r + 1]; i++) {
            const double *w = x + (size_t)p->ids[i] * (size_t)K;
            for (int k = 0; k < K; k++)
                z[k] += w[k];
        }
        for (int j = 0; j < TRAIN_GENERAL; j++)
            for (int k = 0; k < K; k++)
                z[k] += (double)p->general[r][j] * xg[j * K + k];
        double scale = p->scale[r];
        const double *bias = xf + (size_t)p->part[r] * (size_t)K;
        unsigned is = p->gold[r].is, may = p->gold[r].may;
        double top = -INFINITY, all = 0, mine = 0;
        for (int k = 0; k < K; k++) {
            z[k] = z[k] * scale + bias[k];
            if (may >> k & 1 && z[k] > top)
                top = z[k];
        }
        for (int k = 0; k < K; k++) {
            z[k] = may >> k & 1 ? exp(z[k] - top) : 0;
            all += z[k];
            mine += is >> k & 1 ? z[k] : 0;
        }
        mine = mine > 1e-300 ? mine : 1e-300;
        loss += p->weight[r] * (log(all) - log(mine));
        for (int k = 0; k < K; k++)
            d[k] = p->weight[r] * (z[k] / all - (is >> k & 1 ? z[k] / mine : 0));
        for (int k = 0; k < K; k++)
            gf[(size_t)p->part[r] * (size_t)K + (size_t)k] += d[k];
        for (int k = 0; k < K; k++)
            d[k] *= scale;
        for (size_t i = p->start[r]; i < p->start[r + 1]; i++) {
            double *w = g + (size_t)p->ids[i] * (size_t)K;
            for (int k = 0; k < K; k++)
                w[k] += d[k];
        }
        for (int j = 0; j < TRAIN_GENERAL; j++)
            for (int k = 0; k < K; k++)
                gg[j * K + k] += (double)p->general[r][j] * d[k];
    }
    return loss;
}

static double value(const struct train_problem *p, const double *x, double *g, size_t n)
{
    size_t K = (size_t)p->classes, words = p->columns * K, shared = words + TRAIN_GENERAL * K;
    double loss, penalty = 0;
    memset(g, 0, n * sizeof *g);
    switch (p->classes) { /* the compiler unrolls the usual sizes */
    case 2: loss = sweep(p, x, g, 2); break;
    case 3: loss = sweep(p, x, g, 3); break;
    case 4: loss = sweep(p, x, g, 4); break;
    default: loss = sweep(p, x, g, p->classes); break;
    }
    for (size_t i = 0; i < n; i++) {
        double c = i < words ? p->shrink * p->stiff[i / K] : i < shared ? p->shrink * TRAIN_GENERAL_EASE : p->own_bias;
        penalty += c * x[i] * x[i];
        g[i] += c * x[i];
    }
    return loss + penalty / 2;
}

static double dot(const double *a, const double *b, size_t n)
{
    double s = 0;
    for (size_t i = 0; i < n; i++)
        s += a[i] * b[i];
    return s;
}

struct memory {
    double *s[MEMORY], *y[MEMORY], rho[MEMORY];
    int count, next;
};

/* d = −H g by the two loops. */
static void direction(const struct memory *m, const double *g, double *d, size_t n)
{
    double alpha[MEMORY];
    for (size_t i = 0; i < n; i++)
        d[i] = -g[i];
    for (int t = 0; t < m->count; t++) {
        int j = (m->next - 1 - t + 2 * MEMORY) % MEMORY;
        alpha[j] = m->rho[j] * dot(m->s[j], d, n);
        for (size_t i = 0; i < n; i++)
            d[i] -= alpha[j] * m->y[j][i];
    }
    if (m->count) {
        int j = (m->next - 1 + MEMORY) % MEMORY;
        double scale = 1 / (m->rho[j] * dot(m->y[j], m->y[j], n));
        for (size_t i = 0; i < n; i++)
            d[i] *= scale;
    }
    for (int t = m->count - 1; t >= 0; t--) {
        int j = (m->next - 1 - t + 2 * MEMORY) % MEMORY;
        double beta = m->rho[j] * dot(m->y[j], d, n);
        for (size_t i = 0; i < n; i++)
            d[i] += (alpha[j] - beta) * m->s[j][i];
    }
}

int train_solve(const struct train_problem *p, double *x, int max_steps)
{
    size_t n = (p->columns + TRAIN_GENERAL + p->parts) * (size_t)p->classes;
    double *block = calloc(n * (2 * MEMORY + 4), sizeof *block);
    if (!block)
        abort();
    double *g = block, *d = g + n, *next = d + n, *gnext = next + n;
    struct memory m = {.count = 0};
    for (int j = 0; j < MEMORY; j++) {
        m.s[j] = gnext + n * (size_t)(2 * j + 1);
        m.y[j] = gnext + n * (size_t)(2 * j + 2);
    }
    double f = value(p, x, g, n);
    int step = 0;
    while (step < max_steps) {
        direction(&m, g, d, n);
        double slope = dot(g, d, n);
        if (slope >= 0) { /* not downhill: forget and go straight */
            m.count = 0;
            continue;
        }
        double t = m.count ? 1 : 1 / sqrt(dot(g, g, n)), fnext = f;
        int tries = 0;
        for (; tries < TRIES; tries++, t /= 2) {
            for (size_t i = 0; i < n; i++)
                next[i] = x[i] + t * d[i];
            fnext = value(p, next, gnext, n);
            if (fnext <= f + 1e-4 * t * slope)
                break;
        }
        if (tries == TRIES)
            break;
        step++;
        double *s = m.s[m.next], *y = m.y[m.next], sy = 0;
        for (size_t i = 0; i < n; i++) {
            s[i] = next[i] - x[i];
            y[i] = gnext[i] - g[i];
            sy += s[i] * y[i];
            x[i] = next[i];
            g[i] = gnext[i];
        }
        if (sy > 1e-300) {
            m.rho[m.next] = 1 / sy;
            m.next = (m.next + 1) % MEMORY;
            m.count += m.count < MEMORY;
        }
        bool still = f - fnext < 1e-7 * (fabs(f) > 1e-3 ? fabs(f) : 1e-3);
        f = fnext;
        if (still)
            break;
    }
    free(block);
    return step;
}

/* Our tree of a page against htmlReadMemory()'s, and our selectors against their own XPath. */
#include <criterion/criterion.h>

#include "collector/css.h"
#include "collector/css_match.h"

static const char *const pages[] = {
    "<!doctype html><html lang=en><head><title>A &amp; b</title><meta charset=utf-8></head><body class=' x  y '>"
    "<div id=main class='card review'><p>one<p class=\"lead\ty\">two <b>three</b> four<br>five</div>"
    "<ul><li>a<li class=y>b<ul><li>c</ul></ul><a name=top href=/x>link</a></body></html>",
    "text before <b>anything <i>crossed</b> over</i> &nbsp; &copy &bogus; &#x1F600; < 3",
    "<table><tr><td>1<td>2<tr><th>x</table><p><div>block in p</div></p></body></html>after<p>all",
    "<script>if (a<b) document.write('<p>no</p>')</script><style>p>b{}</style><pre>\n a  b\n</pre> <p> </p>",
    "<o:p>word</o:p><x: a='1'>odd</x:><svg:g><a:b:c>deep</a:b:c></svg:g><p a:b=c checked disabled='x' a=1 a=2>",
    "<!-- before --><?php echo 1 ?><html><!-- in --><body><p>a<!-- mid -->b<?x y?>c</p></body></html><!-- after -->",
    "<html a=1><html b=2><body c=3><body d=4><head><p>late head</head>",
    "<select><option selected>1<option>2</select><textarea><b>raw</b></textarea><input disabled><img src=a alt>",
    "", " ", "<", "<p", "<p title=\"never closed>x</p>", "</p>end", "<p>一個　全形<b>中文</b>！</p>",
    "<form><p><form><input></form></form><dl><dt>t<dd>d<dt>u</dl><font><center>x</font></center>",
};

static const char *const selectors[] = {
    "p", "*", ".y", ".x", "#main", "div p", "div > p", "body p b", "body > * > p", "li, td", "ul li li", "ul > li",
    "[id]", "[class=y]", "p[class='lead\ty']", "a[href]", "a[name=top][href=\"/x\"]", ".card.review", "div.card#main",
    "tr > td, .lead", "* *", "html body *", "o", "p.none", "option[selected=selected]", "* > b", "[checked]",
};

static const char *const by_xpath[] = {
    "a + b", "p:first-child", "a[href^=x]", "a ~ b", "li:not(.y)", "//p", "./p", "p[",
};

static htmlDocPtr theirs(struct str html)
{
    return htmlReadMemory(html.ptr, (int)html.len, NULL, "UTF-8",
                          HTML_PARSE_RECOVER | HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING | HTML_PARSE_NONET |
                              HTML_PARSE_COMPACT);
}

/* All there is of a tree: XML shows also what the HTML serializer hides. */
static xmlChar *written(htmlDocPtr doc)
{
    xmlChar *s = NULL;
    int n;
    if (doc)
        xmlDocDumpMemoryEnc(doc, &s, &n, "UTF-8");
    return s;
}

Test(html, tree_is_libxml2_s)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct arena *a = arena_new();
        struct html_dom *ours = html_dom_parse(a, str_of(pages[i]));
        htmlDocPtr doc = theirs(str_of(pages[i]));
        xmlChar *x = ours ? written(html_dom_doc(ours)) : NULL, *y = written(doc);
        if (pages[i][0])
            cr_expect_str_eq(x ? (char *)x : "", y ? (char *)y : "", "%s", pages[i]);
        xmlFree(x);
        xmlFree(y);
        if (ours)
            html_dom_free(&ours);
        if (doc)
            xmlFreeDoc(doc);
        arena_free(&a);
    }
}

static void compare(struct arena *a, xmlNode *from, xmlXPathContext *ctx, const char *selector)
{
    struct selector s;
    struct node_list got = {0};
    cr_assert_eq(selector_parse(a, str_of(selector), &s, NULL), DF_OK);
    const struct css_match *m = css_match_parse(a, s.css);
    cr_assert(m, "%s is left to XPath", selector);
    css_match_find(m, a, from, SIZE_MAX, &got);
    ctx->node = from;
    xmlXPathObject *want = xmlXPathEval((const xmlChar *)s.xpath.ptr, ctx);
    cr_assert_eq(got.count, (size_t)want->nodesetval->nodeNr, "%s: %zu, XPath %d", selector, got.count,
                 want->nodesetval->nodeNr);
    for (size_t i = 0; i < got.count; i++)
        cr_expect_eq(got.items[i], want->nodesetval->nodeTab[i], "%s: node %zu", selector, i);
    struct node_list first = {0};
    css_match_find(m, a, from, 1, &first);
    cr_expect_eq(first.count, got.count > 0);
    xmlXPathFreeObject(want);
}

Test(html, selectors_are_their_xpath)
{
    for (size_t i = 0; i < sizeof pages / sizeof *pages; i++) {
        struct arena *a = arena_new();
        struct html_dom *dom = html_dom_parse(a, str_of(pages[i]));
        if (!dom || !xmlDocGetRootElement(html_dom_doc(dom)))
            goto next;
        xmlXPathContext *ctx = xmlXPathNewContext(html_dom_doc(dom));
        for (size_t k = 0; k < sizeof selectors / sizeof *selectors; k++) {
            struct node_list all = {0};
            compare(a, (xmlNode *)html_dom_doc(dom), ctx, selectors[k]);
            css_match_find(css_match_parse(a, STR("*")), a, (xmlNode *)html_dom_doc(dom), SIZE_MAX, &all);
            for (size_t n = 0; n < all.count; n++)
                compare(a, all.items[n], ctx, selectors[k]);
        }
        xmlXPathFreeContext(ctx);
    next:
        if (dom)
            html_dom_free(&dom);
        arena_free(&a);
    }
}

Test(html, what_css_match_leaves_to_xpath)
{
    struct arena *a = arena_new();
    for (size_t i = 0; i < sizeof by_xpath / sizeof *by_xpath; i++) {
        struct selector s;
        bool read = selector_parse(a, str_of(by_xpath[i]), &s, NULL) == DF_OK && s.css.len;
        cr_expect_not(read && css_match_parse(a, s.css), "%s", by_xpath[i]);
    }
    arena_free(&a);
}

Test(html, ids_are_found_when_asked)
{
    struct arena *a = arena_new();
    struct html_dom *dom = html_dom_parse(a, str_of(pages[0]));
    xmlXPathContext *ctx = xmlXPathNewContext(html_dom_doc(dom));
    html_dom_ids(dom);
    xmlXPathObject *r = xmlXPathEval((const xmlChar *)"id('main top')", ctx);
    cr_expect_eq(r->nodesetval->nodeNr, 2);
    xmlXPathFreeObject(r);
    xmlXPathFreeContext(ctx);
    html_dom_free(&dom);
    arena_free(&a);
}

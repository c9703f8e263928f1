// Everything works without this; it only makes the page quicker to work with.

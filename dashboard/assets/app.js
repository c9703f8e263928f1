// Everything works without scripts; these only make the page quicker to work with.
import { keys } from './keys.js';
import { editor } from './editor.js';
import { live } from './live.js';

keys(document);
editor(document);
live(document);

import { setFlagsFromString } from 'node:v8';

// The young generation keeps its first size, a megabyte, instead of doubling up to 32 while modules are loaded and requests
// come: it never gives that memory back, and what people wait for takes as long without it (test/bench, user). To be
// imported before anything else, since loading alone makes it grow.
setFlagsFromString('--semi-space-growth-factor=1');

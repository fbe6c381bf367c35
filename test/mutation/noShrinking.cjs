// A mutant is dead with the first value that shows it: the smallest one tells nothing more.
require("fast-check").configureGlobal({ endOnFailure: true });

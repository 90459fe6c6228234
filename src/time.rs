//! Moments as mails write them: parse, print, compare.

//! Bytes in: files, folders, standard input, compression; containers split into records.

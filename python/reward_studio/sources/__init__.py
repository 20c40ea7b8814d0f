"""Where rows come from: files, folders and globs of shards, data sets of the hub, and rows of a program."""

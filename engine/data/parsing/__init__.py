"""Turn files of users into Parquet, in a child process with limits."""

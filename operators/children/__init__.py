"""Child processes that work on what users wrote or brought: files, SQL and scripts. One runner for all of them."""

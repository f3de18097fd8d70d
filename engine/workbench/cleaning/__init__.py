"""What is kept for a while only: outputs of runs, what services were asked, files of jobs."""

"""Running a plan: pure state, driver, executors."""

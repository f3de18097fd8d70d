"""Whether shares hold on this machine: each check asks for a share, tries to take more, and tells what happened."""

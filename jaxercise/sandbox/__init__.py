"""One confined kernel process and the runs that it forks, seen from outside."""

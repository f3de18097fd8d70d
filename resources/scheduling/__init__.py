"""Who starts when, on which device, with which share: a state machine, the policies that choose, and the simulator."""

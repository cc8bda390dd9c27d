"""One analysis a file: what bottleneck, redundant collection, broken loop and silo mean, exactly."""

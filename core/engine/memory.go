package engine

// assumedMemory (bytes) stands for the machine's where that is not known.
const assumedMemory = 8 << 30

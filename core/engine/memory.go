package engine

// assumedMemory (bytes) stands for the machine's where that is not known.
const assumedMemory = 8 << 30

// memoryLimit returns what a run may use, in bytes: so many MB, or a quarter of
// the machine's memory.
func memoryLimit(mb int) int64 {
	if mb > 0 {
		return int64(mb) << 20
	}
	return totalMemory() / 4
}

package tree

import "strings"

// Fold returns name as it is compared, sorted and searched: without case.
func Fold(name string) string { return strings.ToLower(name) }

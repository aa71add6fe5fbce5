// Package oracle compares what the program writes and reads with programs
// made by others: npm packages, GDAL and MapLibre GL JS in Chromium. It holds
// tests only. `npm ci` in this folder installs the packages; what is not there
// is skipped with a line that says so, or fails where CI=true.
package oracle

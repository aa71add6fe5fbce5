// Command geoboundaries makes the bundled copy of geoBoundaries' matrix from
// answers of its API, kept in the API's own tree of folders:
//
//	{api}/{release}/ALL/ALL/index.json
//
// for the releases gbOpen, gbHumanitarian and gbAuthoritative. They are what
// https://www.geoboundaries.org/api/current/{release}/ALL/ALL/ says; the
// repository wmgeolab/gbWeb has them of other days. The same answers give the
// same bytes. A record that cannot be used ends it, so that none goes missing
// unseen.
package main

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"time"

	"github.com/shapes-desktop/shapes/core/acquire/source/geoboundaries"
)

func main() {
	api := flag.String("api", "", "folder of the API's answers")
	date := flag.String("date", "", "day of the answers: 2024-02-20")
	out := flag.String("o", "matrix.tsv.gz", "file to write")
	flag.Parse()
	if err := run(*api, *date, *out); err != nil {
		fmt.Fprintln(os.Stderr, "geoboundaries:", err)
		os.Exit(1)
	}
}

func run(api, date, out string) error {
	if _, err := time.Parse(time.DateOnly, date); err != nil {
		return fmt.Errorf("-date must be the day of the answers: %w", err)
	}
	var matrices []geoboundaries.Matrix
	for _, release := range []string{geoboundaries.Open, geoboundaries.Humanitarian, geoboundaries.Authoritative} {
		answer, err := os.ReadFile(filepath.Join(api, release, "ALL", "ALL", "index.json"))
		if err != nil {
			return fmt.Errorf("read an answer: %w", err)
		}
		m, err := geoboundaries.Live(release, answer)
		if err != nil {
			return err
		}
		if len(m.Refused) > 0 {
			return errors.New(release + ": " + strings.Join(m.Refused, "; "))
		}
		matrices = append(matrices, m)
	}
	packed, err := geoboundaries.Pack(date, matrices)
	if err != nil {
		return fmt.Errorf("pack the matrices: %w", err)
	}
	if err := os.WriteFile(out, packed, 0o644); err != nil {
		return fmt.Errorf("write the matrices: %w", err)
	}
	return nil
}

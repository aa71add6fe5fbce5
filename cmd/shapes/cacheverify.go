package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
)

type verifyJSON struct {
	Files    int           `json:"files"` // that are in the cache now
	Problems []problemJSON `json:"problems"`
	Repaired bool          `json:"repaired"`
}

type problemJSON struct {
	Kind   string `json:"kind"`
	Name   string `json:"name,omitempty"`
	SHA256 string `json:"sha256,omitempty"`
	Path   string `json:"path"`
	Says   string `json:"what"`
}

func newCacheVerify(v env) *cobra.Command {
	var repair, asJSON bool
	c := &cobra.Command{
		Use:   "verify",
		Short: "Compare every downloaded file with its hash",
		Long: `verify reads every file of the cache and compares it with its hash and record. With
--repair what is damaged is removed: the next run fetches it again. Files that are none
of the cache's are named, and left.

Exit code 0: all is sound, or was repaired; 1: something is damaged.`,
		Args: none,
		RunE: func(c *cobra.Command, _ []string) error {
			return v.withEngine(c, mustExist, func(ctx context.Context, e *engine.Engine) error {
				out := verifyJSON{Problems: []problemJSON{}, Repaired: repair}
				problems, err := e.VerifyCache(ctx, repair, nil)
				if err != nil {
					return err
				}
				for _, p := range problems {
					out.Problems = append(out.Problems, problemJSON{string(p.Kind), p.Name, p.SHA256, p.Path, p.Says})
				}
				files, err := e.Cached(ctx)
				if err != nil {
					return err
				}
				out.Files = len(files)
				return v.verified(out, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&repair, "repair", false, "remove what is damaged")
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

// verified writes what was found, and fails if something still is damaged.
func (v env) verified(found verifyJSON, asJSON bool) error {
	strays := 0
	for _, p := range found.Problems {
		if p.Kind == string(engine.StrayFile) {
			strays++
		}
	}
	damaged := len(found.Problems) - strays
	if asJSON {
		if err := writeJSON(v.s.out, found); err != nil {
			return err
		}
	} else {
		for _, p := range found.Problems {
			name := p.Path
			if p.Name != "" {
				name = p.Name + " (" + p.Path + ")"
			}
			fmt.Fprintf(v.s.out, "%s: %s\n", name, p.Says)
		}
		done := ""
		if found.Repaired && damaged > 0 {
			done = ", repaired"
		}
		if strays > 0 {
			done += fmt.Sprintf("; %s beside them that the cache does not know, left there", count(strays, "file"))
		}
		fmt.Fprintf(v.s.out, "%s in the cache, %s%s\n", count(found.Files, "file"), count(damaged, "problem"), done)
	}
	if damaged > 0 && !found.Repaired {
		return fmt.Errorf("the cache has %s; nothing was changed (shapes cache verify --repair removes what is damaged)", count(damaged, "problem"))
	}
	return nil
}

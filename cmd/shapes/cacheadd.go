package main

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"github.com/shapes-desktop/shapes/core/engine"
)

func newCacheAdd(v env) *cobra.Command {
	var asJSON bool
	c := &cobra.Command{
		Use:   "add FILE...",
		Short: "Take files that you have downloaded yourself",
		Long: `add takes files that you have downloaded from a known source, tells by what is in
them which source, country and level they are of, and keeps a copy in the cache after
the same checks as for a download. A run then finds them there. A licence that has to
be accepted first is accepted with shapes fetch … --accept.`,
		Args: atLeast(1, "a FILE"),
		RunE: func(c *cobra.Command, args []string) error {
			return v.withEngine(c, mayMake, func(ctx context.Context, e *engine.Engine) error {
				var all []engine.Fetched
				for _, path := range args {
					f, err := e.AddFile(ctx, path)
					if isConsent(err) {
						err = fmt.Errorf("%w; nothing was taken (shapes fetch SOURCE COUNTRY:LEVEL --accept --file FILE accepts it, and takes the file)", err)
					}
					if err != nil {
						f.Title, f.Err = path, err
					}
					all = append(all, f)
				}
				return v.fetched(all, taken, asJSON)
			})
		},
	}
	c.Flags().BoolVar(&asJSON, "json", false, "write JSON")
	return c
}

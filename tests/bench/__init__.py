"""Performance as ratios in one run: `make bench`. Never a test: machines are noisy, ratios less so."""

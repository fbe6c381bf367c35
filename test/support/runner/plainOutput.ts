// Tests compare what other programs print. Those must not color it because somebody wants mocha to.
delete process.env["FORCE_COLOR"];

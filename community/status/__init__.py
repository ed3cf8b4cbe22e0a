"""How the installation is: figures for Prometheus, and one page for administrators."""

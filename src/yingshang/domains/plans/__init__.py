"""Plan governance (方案治理): plan documents, their measures, the tasks that follow, supervision and meetings."""

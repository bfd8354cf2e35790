/* The library's constants are macros with calls in them, and some of its calls are renamed by version: here they get one
   name that Swift can use. */
#include <hdf5.h>

static inline hid_t pde_hdf5_native_double(void) { return H5T_NATIVE_DOUBLE; }
static inline hid_t pde_hdf5_native_int(void) { return H5T_NATIVE_INT; }

/* Opens a file for reading, with the close degree that netCDF asks for: the library refuses to mix them. */
static inline hid_t pde_hdf5_open(const char *path) {
  hid_t access = H5Pcreate(H5P_FILE_ACCESS);
  if (access < 0) return access;
  H5Pset_fclose_degree(access, H5F_CLOSE_SEMI);
  hid_t file = H5Fopen(path, H5F_ACC_RDONLY, access);
  H5Pclose(access);
  return file;
}

/* Told the name of a link and whether it names an object of the same file; returns 0 to go on, another number to stop. */
typedef int (*pde_hdf5_link_visitor)(const char *name, int is_hard, void *context);

struct pde_hdf5_link_visit {
  pde_hdf5_link_visitor visitor;
  void *context;
};

static inline herr_t pde_hdf5_link_visited(hid_t group, const char *name, const H5L_info_t *info, void *visit) {
  struct pde_hdf5_link_visit *call = (struct pde_hdf5_link_visit *)visit;
  (void)group;
  return call->visitor(name, info->type == H5L_TYPE_HARD, call->context);
}

/* Visits the links of a group in alphabetical order; negative on failure. */
static inline herr_t pde_hdf5_visit_links(hid_t group, pde_hdf5_link_visitor visitor, void *context) {
  struct pde_hdf5_link_visit visit = {visitor, context};
  return H5Literate(group, H5_INDEX_NAME, H5_ITER_INC, NULL, pde_hdf5_link_visited, &visit);
}

/* A memory type for text of `size` bytes, or of variable length where `size` is 0. */
static inline hid_t pde_hdf5_text(size_t size) {
  hid_t type = H5Tcopy(H5T_C_S1);
  if (type >= 0) H5Tset_size(type, size == 0 ? H5T_VARIABLE : size);
  return type;
}

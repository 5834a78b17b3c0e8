from pathlib import Path

import grpc
from suasion.v1.contact_pb2 import ContactState
from suasion.v1.contact_service_pb2 import ReleaseRequest, ReserveRequest
from suasion.v1.contact_service_pb2_grpc import ContactServiceStub
from suasion.v1.subject_pb2 import Subject

contacts = ContactServiceStub(grpc.insecure_channel("127.0.0.1:50051"))
request = ReserveRequest(subject=Subject(user_id="u3"), plan="hello", request_id="r-3")
id = contacts.Reserve(request, timeout=1).contact.contact_id
Path("contact.txt").write_text(id)
released = contacts.Release(ReleaseRequest(contact_id=id), timeout=1).contact
print(ContactState.Name(released.state))
